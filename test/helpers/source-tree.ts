import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

/** The folder that holds package.json. */
export const ROOT = resolve(import.meta.dirname, '../..')

/** A source file of the repository: path from the root with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** All files below `folder` whose name ends with one of `endings`, in path order. */
export function readTree(folder: string, endings: readonly string[]): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'))
    .toSorted()
    .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }))
}

/** What a TypeScript file imports from files of the repository, as paths from the root. */
export function relativeImports(file: SourceFile): string[] {
  const specifiers = file.text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)
  const folder = join(ROOT, file.path, '..')
  return [...specifiers].map((match) => relative(ROOT, resolve(folder, match[1] ?? '')))
}
