import type { Corefile, Directive } from './corefile.ts'

/** What a directive says, without its place in a file. */
export type DirectiveTexts = readonly [
  name: string,
  args: readonly string[],
  block: readonly DirectiveTexts[],
]

/** Words of a directive and of the lines in its braces: the same where it means the same. */
export function textsOf({ name, args, block }: Directive): DirectiveTexts {
  return [name, args.map(({ text }) => text), block.map(textsOf)]
}

/** All words of a Corefile with its imports, without comments and places: another text where it may mean something else. */
export function corefileText({ serverBlocks }: Corefile): string {
  return JSON.stringify(
    serverBlocks.map(({ keys, directives }) => [keys.map(({ text }) => text), directives.map(textsOf)]),
  )
}
