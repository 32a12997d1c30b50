import type { Corefile, Directive } from '../../src/config/corefile.ts'
import { parseCorefile } from '../../src/config/parser.ts'

interface World {
  /** Text of the files beside the Corefile, by path. */
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

/** Parses `text` as the file `Corefile` in a world of other files held in memory. */
export function parseWith(text: string, { files = {}, env = {} }: World = {}): Corefile {
  return parseCorefile(text, {
    file: 'Corefile',
    env,
    readFile(path) {
      const content = Object.hasOwn(files, path) ? files[path] : undefined
      if (content !== undefined) return content
      throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' })
    },
    glob: (pattern) => Object.keys(files).filter((path) => matches(pattern, path)),
  })
}

/** A directive as nested arrays: name, arguments, and last an array for the block where there is one. */
export function outline({ name, args, block }: Directive): readonly unknown[] {
  const words = [name, ...args.map((argument) => argument.text)]
  return block.length === 0 ? words : [...words, block.map((line) => outline(line))]
}

/** A Corefile as one line per key list with the outlines of its directives. */
export function outlineOf(corefile: Corefile): Readonly<Record<string, readonly unknown[]>> {
  return Object.fromEntries(
    corefile.serverBlocks.map((block) => [
      block.keys.map((key) => key.text).join(' '),
      block.directives.map((directive) => outline(directive)),
    ]),
  )
}

function matches(pattern: string, path: string): boolean {
  const source = pattern.replaceAll(/[.+^$()|\\{}]/g, String.raw`\$&`)
  return new RegExp(`^${source.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`).test(path)
}
