import type { CharSet } from './char-set.ts'
import type { Place, RegexpNode } from './parse-regexp.ts'
import { RegexpSyntaxError } from './parse-regexp.ts'

/** One step of a program. `next` and `other` are indexes into it; of a fork `next` is tried first. */
export type Instruction =
  | { readonly kind: 'char'; readonly set: CharSet; next: number }
  | { readonly kind: 'fork'; next: number; other: number }
  | { readonly kind: 'assert'; readonly where: Place; next: number }
  | { readonly kind: 'save'; readonly slot: number; next: number }
  | { readonly kind: 'match' }

/** Bounds what one match can cost: so many steps for each character of a name. */
const MAX_INSTRUCTIONS = 5_000

/** The program that finds what the tree describes (Thompson's construction). Throws a RegexpSyntaxError where it is too large. */
export function compileRegexp(node: RegexpNode): {
  readonly program: readonly Instruction[]
  readonly start: number
} {
  const program: Instruction[] = []
  const end = emit(program, { kind: 'match' })
  return { program, start: compile(node, end, program) }
}

/** Emits the node so that it goes on at `next`; gives where it starts. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
function compile(node: RegexpNode, next: number, program: Instruction[]): number {
  switch (node.kind) {
    case 'char':
      return emit(program, { kind: 'char', set: node.set, next })
    case 'assert':
      return emit(program, { kind: 'assert', where: node.where, next })
    case 'concat':
      return node.nodes.reduceRight((after, part) => compile(part, after, program), next)
    case 'alternate':
      return node.nodes
        .map((part) => compile(part, next, program))
        .reduceRight((other, start) => emit(program, { kind: 'fork', next: start, other }))
    case 'group': {
      const close = emit(program, { kind: 'save', slot: 2 * node.index + 1, next })
      return emit(program, { kind: 'save', slot: 2 * node.index, next: compile(node.node, close, program) })
    }
    case 'repeat':
      return compileRepeat(node, next, program)
  }
}

/** `x{2,4}` as `xx(x(x)?)?`, `x{2,}` as `xx+`. */
function compileRepeat(
  { node, min, max, greedy }: RegexpNode & { readonly kind: 'repeat' },
  next: number,
  program: Instruction[],
): number {
  let start = next
  let required = min
  if (max === Infinity) {
    const fork = emitFork(program, { body: next, skip: next, greedy })
    const body = compile(node, fork, program)
    setBody(program, fork, { body, greedy })
    start = min === 0 ? fork : body
    required = Math.max(0, min - 1)
  } else {
    for (let count = min; count < max; count++)
      start = emitFork(program, { body: compile(node, start, program), skip: next, greedy })
  }
  for (let count = 0; count < required; count++) start = compile(node, start, program)
  return start
}

function emitFork(
  program: Instruction[],
  { body, skip, greedy }: { readonly body: number; readonly skip: number; readonly greedy: boolean },
): number {
  return emit(program, { kind: 'fork', next: greedy ? body : skip, other: greedy ? skip : body })
}

function setBody(
  program: readonly Instruction[],
  fork: number,
  { body, greedy }: { readonly body: number; readonly greedy: boolean },
): void {
  const instruction = program[fork]
  if (instruction?.kind !== 'fork') return
  if (greedy) instruction.next = body
  else instruction.other = body
}

function emit(program: Instruction[], instruction: Instruction): number {
  if (program.length >= MAX_INSTRUCTIONS)
    throw new RegexpSyntaxError('is too large: it repeats too much too often')
  return program.push(instruction) - 1
}
