import type { CharSet } from './char-set.ts'
import { charSet, complement, foldCase, perlClass, posixClass, singleChar, unicodeClass } from './char-set.ts'
import type { Flags } from './flags.ts'
import { NO_FLAGS, withFlags } from './flags.ts'

/** A regular expression as a tree. */
export type RegexpNode =
  | { readonly kind: 'char'; readonly set: CharSet }
  | { readonly kind: 'assert'; readonly where: Place }
  | { readonly kind: 'concat' | 'alternate'; readonly nodes: readonly RegexpNode[] }
  | { readonly kind: 'group'; readonly node: RegexpNode; readonly index: number }
  | {
      readonly kind: 'repeat'
      readonly node: RegexpNode
      readonly min: number
      /** Infinity for no bound. */
      readonly max: number
      readonly greedy: boolean
    }

/** What an assertion asks of the place between two characters. */
export type Place = 'begin' | 'end' | 'lineBegin' | 'lineEnd' | 'wordBoundary' | 'noWordBoundary'

export interface ParsedRegexp {
  readonly node: RegexpNode
  /** By number of the group; undefined where it has no name. Slot 0 is the whole match. */
  readonly groupNames: readonly (string | undefined)[]
}

/** What is wrong with a pattern; `message` continues "the pattern …". */
export class RegexpSyntaxError extends Error {}

/** As Go. */
const MAX_REPEAT = 1000
/** Groups within each other. */
const MAX_DEPTH = 100

/** Parses the syntax of RE2, which is Go's. Throws a RegexpSyntaxError. */
export function parseRegexp(pattern: string): ParsedRegexp {
  return new Parser(pattern).parse()
}

class Parser {
  readonly #text: string
  readonly #groupNames: (string | undefined)[] = [undefined]
  #at = 0
  #depth = 0
  #flags = NO_FLAGS

  constructor(text: string) {
    this.#text = text
  }

  parse(): ParsedRegexp {
    const node = this.#alternatives()
    if (this.#at < this.#text.length) throw new RegexpSyntaxError('has a ")" without its "("')
    return { node, groupNames: this.#groupNames }
  }

  #alternatives(): RegexpNode {
    const nodes = [this.#sequence()]
    while (this.#take('|')) nodes.push(this.#sequence())
    const [only] = nodes
    return nodes.length === 1 && only !== undefined ? only : { kind: 'alternate', nodes }
  }

  #sequence(): RegexpNode {
    const nodes: RegexpNode[] = []
    while (this.#at < this.#text.length && !this.#sees('|') && !this.#sees(')')) {
      const atoms = this.#take(String.raw`\Q`) ? this.#quotedLiterals() : this.#atom()
      const last = atoms.at(-1)
      // Of quoted characters a repetition behind them means the last.
      if (last !== undefined) nodes.push(...atoms.slice(0, -1), this.#repeated(last))
    }
    return { kind: 'concat', nodes }
  }

  /** Up to `\E`, or to the end. */
  #quotedLiterals(): readonly RegexpNode[] {
    const end = this.#text.indexOf(String.raw`\E`, this.#at)
    const literal = this.#text.slice(this.#at, end === -1 ? undefined : end)
    this.#at = end === -1 ? this.#text.length : end + 2
    return Array.from(literal, (char) => this.#char(singleChar(char.codePointAt(0) ?? 0)))
  }

  /** None for `(?i)`, which stands for nothing itself. */
  #atom(): readonly RegexpNode[] {
    const char = this.#next()
    if (char !== '(') return [this.#singleAtom(char)]
    const group = this.#group()
    return group === undefined ? [] : [group]
  }

  #singleAtom(char: string): RegexpNode {
    switch (char) {
      case '[':
        return this.#char(this.#bracketSet())
      case '.':
        return { kind: 'char', set: charSet((code) => this.#flags.dotAll || code !== 0x0a) }
      case '^':
        return { kind: 'assert', where: this.#flags.multiLine ? 'lineBegin' : 'begin' }
      case '$':
        return { kind: 'assert', where: this.#flags.multiLine ? 'lineEnd' : 'end' }
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        throw new RegexpSyntaxError(`has a "${char}" with nothing to repeat before it`)
      default:
        return this.#char(singleChar(char.codePointAt(0) ?? 0))
    }
  }

  #char(set: CharSet): RegexpNode {
    return { kind: 'char', set: this.#flags.foldsCase ? foldCase(set) : set }
  }

  #repeated(node: RegexpNode): RegexpNode {
    const bounds = this.#bounds()
    if (bounds === undefined) return node
    const greedy = this.#take('?') === this.#flags.ungreedy
    if (this.#bounds() !== undefined) throw new RegexpSyntaxError('repeats a repetition: use a group')
    return { kind: 'repeat', node, ...bounds, greedy }
  }

  /** `*`, `+`, `?`, `{n}`, `{n,}` or `{n,m}`; any other brace is a literal. */
  #bounds(): { readonly min: number; readonly max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Infinity }
    if (this.#take('+')) return { min: 1, max: Infinity }
    if (this.#take('?')) return { min: 0, max: 1 }
    const counts = this.#takeMatch(/\{(\d+)(,(\d*))?\}/y)
    if (counts === undefined) return undefined
    const min = Number(counts[1])
    const last = counts[3] ?? counts[1]
    const max = last === '' ? Infinity : Number(last)
    if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT) || min > max)
      throw new RegexpSyntaxError(
        `repeats ${counts[0]}: at most ${MAX_REPEAT} times, the smaller number first`,
      )
    return { min, max }
  }

  #group(): RegexpNode | undefined {
    const outer = this.#flags
    if (!this.#take('?')) return this.#groupBody(this.#newGroup(undefined), outer)
    const named = this.#takeMatch(/P?<([A-Za-z0-9_]+)>/y)
    if (named !== undefined) return this.#groupBody(this.#newGroup(named[1]), outer)
    const flags = this.#takeMatch(/([imsU]*)(?:-([imsU]+))?([:)])/y)
    if (flags === undefined)
      throw new RegexpSyntaxError(
        `has "(?${this.#text.slice(this.#at, this.#at + 2)}", which RE2 does not know`,
      )
    this.#flags = withFlags(withFlags(outer, flags[1] ?? '', true), flags[2] ?? '', false)
    return flags[3] === ')' ? undefined : this.#groupBody(undefined, outer)
  }

  #newGroup(name: string | undefined): number {
    if (name !== undefined && this.#groupNames.includes(name))
      throw new RegexpSyntaxError(`has two groups called "${name}"`)
    return this.#groupNames.push(name) - 1
  }

  #groupBody(index: number | undefined, outer: Flags): RegexpNode {
    if (++this.#depth > MAX_DEPTH)
      throw new RegexpSyntaxError(`has more than ${MAX_DEPTH} groups within each other`)
    const node = this.#alternatives()
    if (!this.#take(')')) throw new RegexpSyntaxError('has a "(" without its ")"')
    this.#depth--
    this.#flags = outer
    return index === undefined ? node : { kind: 'group', node, index }
  }

  /** What follows a backslash outside brackets. */
  #escape(): RegexpNode {
    const places: Readonly<Record<string, Place>> = {
      A: 'begin',
      z: 'end',
      b: 'wordBoundary',
      B: 'noWordBoundary',
    }
    const where = places[this.#text.charAt(this.#at)]
    if (where !== undefined) {
      this.#at++
      return { kind: 'assert', where }
    }
    return this.#char(this.#classEscape() ?? singleChar(this.#literalEscape()))
  }

  /** `\d`, `\pN`, `\p{Greek}` and the like. */
  #classEscape(): CharSet | undefined {
    const property = this.#takeMatch(/([pP])(?:\{(\^?)([^}]*)\}|(.))/y)
    if (property !== undefined) {
      const name = property[3] ?? property[4] ?? ''
      const set = unicodeClass(name)
      if (set === undefined) throw new RegexpSyntaxError(`has the unknown character class \\p{${name}}`)
      return (property[1] === 'P') === (property[2] === '^') ? set : complement(set)
    }
    const set = perlClass(this.#text.charAt(this.#at))
    if (set !== undefined) this.#at++
    return set
  }

  #literalEscape(): number {
    const hex = this.#takeMatch(/x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/y)
    if (hex !== undefined) return Number.parseInt(hex[1] ?? hex[2] ?? '', 16)
    // A single digit from 1 to 9 would refer back to a group, which RE2 does not do.
    const octal = this.#takeMatch(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y)
    if (octal !== undefined) return Number.parseInt(octal[0], 8)
    const char = this.#next()
    const control = 'aftnrv'.indexOf(char)
    if (char !== '' && control !== -1) return [7, 12, 9, 10, 13, 11][control] ?? 0
    if (/^[!-/:-@[-`{-~]$/.test(char)) return char.charCodeAt(0)
    throw new RegexpSyntaxError(`has the escape "\\${char}", which RE2 does not know`)
  }

  /** What follows `[`, up to its `]`. */
  #bracketSet(): CharSet {
    const isNegated = this.#take('^')
    const set = charSet(() => false)
    for (let isFirst = true; isFirst || !this.#sees(']'); isFirst = false) {
      if (this.#at >= this.#text.length) throw new RegexpSyntaxError('has a "[" without its "]"')
      const part = this.#bracketClass() ?? this.#bracketRange()
      part.forEach((held, code) => {
        if (held === 1) set[code] = 1
      })
    }
    this.#at++
    const folded = this.#flags.foldsCase ? foldCase(set) : set
    return isNegated ? complement(folded) : folded
  }

  #bracketClass(): CharSet | undefined {
    const posix = this.#takeMatch(/\[:(\^?[a-z]+):\]/y)
    if (posix !== undefined) {
      const set = posixClass(posix[1] ?? '')
      if (set === undefined) throw new RegexpSyntaxError(`has the unknown character class ${posix[0]}`)
      return set
    }
    if (!this.#sees('\\')) return undefined
    this.#at++
    const set = this.#classEscape()
    if (set === undefined) this.#at--
    return set
  }

  #bracketRange(): CharSet {
    const low = this.#bracketChar()
    const isRange =
      this.#sees('-') && this.#text.charAt(this.#at + 1) !== ']' && this.#at + 1 < this.#text.length
    if (!isRange) return singleChar(low)
    this.#at++
    const high = this.#bracketChar()
    if (high < low) throw new RegexpSyntaxError('has a range in brackets whose end is before its start')
    return charSet((code) => code >= low && code <= high)
  }

  #bracketChar(): number {
    const char = this.#next()
    return char === '\\' ? this.#literalEscape() : (char.codePointAt(0) ?? 0)
  }

  /** The next character, which may take two units; empty at the end, which only escapes reach. */
  #next(): string {
    const code = this.#text.codePointAt(this.#at)
    if (code === undefined) return ''
    const char = String.fromCodePoint(code)
    this.#at += char.length
    return char
  }

  #sees(literal: string): boolean {
    return this.#text.startsWith(literal, this.#at)
  }

  #take(literal: string): boolean {
    if (!this.#sees(literal)) return false
    this.#at += literal.length
    return true
  }

  /** `pattern` is sticky. */
  #takeMatch(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return undefined
    this.#at += match[0].length
    return match
  }
}
