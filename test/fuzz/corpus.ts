import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import type { FuzzTarget } from './target.ts'

/** Kept inputs stand in one folder for each target, each a file whose name says what it shows. */
const CORPUS_FOLDER = join(import.meta.dirname, 'corpus')

export interface Seed {
  readonly name: string
  readonly octets: Uint8Array
}

/** The seeds of a target, by name. */
export function readSeeds({ name, seedForm }: Pick<FuzzTarget, 'name' | 'seedForm'>): readonly Seed[] {
  const folder = join(CORPUS_FOLDER, name)
  return readdirSync(folder)
    .filter((file) => file.endsWith(`.${seedForm}`))
    .toSorted()
    .map((file) => ({ name: basename(file, `.${seedForm}`), octets: readSeedFile(join(folder, file)) }))
}

/** The octets of a seed file, or of any other file as it is. In `.hex` files `#` begins a comment. */
export function readSeedFile(path: string): Uint8Array {
  const contents = readFileSync(path)
  if (!path.endsWith('.hex')) return contents
  return Buffer.from(contents.toString('latin1').replaceAll(/#.*|\s/g, ''), 'hex')
}

/** Keeps an input as a seed and gives the path of its file. */
export function writeSeed(
  { name, seedForm }: Pick<FuzzTarget, 'name' | 'seedForm'>,
  octets: Uint8Array,
  why: string,
): string {
  const folder = join(CORPUS_FOLDER, name)
  const digest = createHash('sha256').update(octets).digest('hex').slice(0, 12)
  const path = join(folder, `found-${digest}.${seedForm}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, seedForm === 'hex' ? hexText(octets, why) : octets)
  return path
}

function hexText(octets: Uint8Array, why: string): string {
  const digits = Buffer.from(octets).toString('hex')
  return `# ${why.split('\n')[0]}\n${digits.replaceAll(/.{1,96}/g, '$&\n')}`
}
