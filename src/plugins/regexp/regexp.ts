import { ConfigError, quoted } from '../../config/config-error.ts'
import type { Argument } from '../../config/corefile.ts'
import type { Instruction } from './compile-regexp.ts'
import { compileRegexp } from './compile-regexp.ts'
import type { Place } from './parse-regexp.ts'
import { parseRegexp, RegexpSyntaxError } from './parse-regexp.ts'

/** As CoreDNS. */
const MAX_PATTERN_LENGTH = 10_000

/** The regular expression that an argument means, in the syntax of RE2. Throws a ConfigError. */
export function regexpArgument(argument: Argument): Regexp {
  const { text, position } = argument
  try {
    if (text.length <= MAX_PATTERN_LENGTH) return new Regexp(text)
    throw new RegexpSyntaxError(`has more than ${MAX_PATTERN_LENGTH} characters`)
  } catch (error) {
    if (!(error instanceof RegexpSyntaxError)) throw error
    throw new ConfigError({
      code: 'SLICEDNS_CONFIG_REGEXP',
      message: `the pattern ${quoted(text)} ${error.message}`,
      position,
      hint: 'write it as Go and RE2 take it: no lookahead, no references back to a group',
    })
  }
}

/**
 * A regular expression with the syntax and the matches of Go's `regexp` (RE2), for ASCII text. JavaScript's own would take
 * exponential time for some patterns and names, and the names come from anybody; this one takes time in proportion to
 * pattern × text, whatever they are (Pike's virtual machine).
 */
export class Regexp {
  readonly source: string
  /** By number of the group; undefined where it has no name. Slot 0 is the whole match. */
  readonly groupNames: readonly (string | undefined)[]
  readonly #program: readonly Instruction[]
  readonly #start: number
  /** Which round each instruction was last reached in. */
  readonly #reached: Uint32Array
  #round = 0

  /** Throws a RegexpSyntaxError. */
  constructor(source: string) {
    const { node, groupNames } = parseRegexp(source)
    const { program, start } = compileRegexp(node)
    this.source = source
    this.groupNames = groupNames
    this.#program = program
    this.#start = start
    this.#reached = new Uint32Array(program.length)
  }

  /** The leftmost match anywhere in the text: the whole of it, then each group, empty where it took no part. */
  match(text: string): readonly string[] | undefined {
    const slots = this.#run(text)
    if (slots === undefined) return undefined
    return this.groupNames.map((_, index) => text.slice(slots[2 * index] ?? 0, slots[2 * index + 1] ?? 0))
  }

  /** Threads, those preferred first, go through the text side by side. */
  #run(text: string): readonly number[] | undefined {
    let best: readonly number[] | undefined
    let threads: Thread[] = []
    this.#beginRound()
    this.#follow(this.#start, [0], { text, at: 0 }, threads)
    for (let at = 0; at <= text.length; at++) {
      const following: Thread[] = []
      const place = { text, at: at + 1 }
      this.#beginRound()
      for (const { instruction, slots } of threads) {
        if (instruction.kind === 'match') {
          best = saved(slots, 1, at)
          break
        }
        if (instruction.kind === 'char' && instruction.set[text.charCodeAt(at)] === 1)
          this.#follow(instruction.next, slots, place, following)
      }
      // A later start is worse than any earlier one, and none is needed once there is a match.
      if (best === undefined && at < text.length) this.#follow(this.#start, [at + 1], place, following)
      else if (following.length === 0) break
      threads = following
    }
    return best
  }

  #beginRound(): void {
    if (this.#round === 0xffff_ffff) {
      this.#reached.fill(0)
      this.#round = 0
    }
    this.#round++
  }

  /** Adds the threads that are reached from an instruction without a character, the preferred ones first. */
  #follow(
    start: number,
    startSlots: readonly number[],
    place: { readonly text: string; readonly at: number },
    threads: Thread[],
  ): void {
    const stack: { readonly index: number; readonly slots: readonly number[] }[] = [
      { index: start, slots: startSlots },
    ]
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { index, slots } = top
      if (this.#reached[index] === this.#round) continue
      this.#reached[index] = this.#round
      const instruction = this.#program[index]
      if (instruction === undefined) continue
      switch (instruction.kind) {
        case 'fork':
          stack.push({ index: instruction.other, slots }, { index: instruction.next, slots })
          break
        case 'save':
          stack.push({ index: instruction.next, slots: saved(slots, instruction.slot, place.at) })
          break
        case 'assert':
          if (isAt(instruction.where, place.text, place.at)) stack.push({ index: instruction.next, slots })
          break
        case 'char':
        case 'match':
          threads.push({ instruction, slots })
      }
    }
  }
}

interface Thread {
  readonly instruction: Instruction
  /** Where the match and each group start (even) and end (odd). */
  readonly slots: readonly number[]
}

function saved(slots: readonly number[], slot: number, at: number): readonly number[] {
  const copy = slots.slice()
  copy[slot] = at
  return copy
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
function isAt(where: Place, text: string, at: number): boolean {
  switch (where) {
    case 'begin':
      return at === 0
    case 'end':
      return at === text.length
    case 'lineBegin':
      return at === 0 || text[at - 1] === '\n'
    case 'lineEnd':
      return at === text.length || text[at] === '\n'
    case 'wordBoundary':
      return isWord(text[at - 1]) !== isWord(text[at])
    case 'noWordBoundary':
      return isWord(text[at - 1]) === isWord(text[at])
  }
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /\w/.test(char)
}
