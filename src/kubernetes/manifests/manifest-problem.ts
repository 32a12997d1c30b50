import type { ManifestProblem } from './manifest.ts'

/** A problem with a file as a whole. */
export function fileProblem(file: string, code: string, message: string): ManifestProblem {
  return { severity: 'error', code, message, position: { file, line: 1, column: 1 } }
}

/** Why a path cannot be read; see `errorCode` for the reason. */
export function unreadable(path: string, reason: string): ManifestProblem {
  return fileProblem(
    path,
    'SLICEDNS_MANIFEST_UNREADABLE',
    `cannot be read: ${explanations.get(reason) ?? reason}`,
  )
}

/** The operating system's name for an error, or its message. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : String(error)
}

const explanations: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'no permission (EACCES): allow this user to read it'],
  ['EPERM', 'no permission (EPERM): allow this user to read it'],
  [
    'ENOENT',
    'it is not there, or a link that leads nowhere (ENOENT): put it back. What was read from it before stays in use',
  ],
  ['ELOOP', 'links that lead in a circle (ELOOP): remove one'],
  ['not a regular file', 'it is not a regular file: pipe its text in, with - in place of the name'],
])
