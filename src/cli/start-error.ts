type StartErrorCode =
  | 'SLICEDNS_COREFILE_MISSING'
  | 'SLICEDNS_PIDFILE'
  | 'SLICEDNS_COMMAND_UNKNOWN'
  | 'SLICEDNS_OPTIONS'
  | 'SLICEDNS_RELOAD_NOT_SYNCED'

/** Why a server cannot start, other than what the Corefile, a flag, a folder or a port has wrong. `code` stands in docs/errors.md. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly code: StartErrorCode

  constructor(code: StartErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.code = code
  }
}

/** What the system says of a file, in words. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  return Object.hasOwn(REASONS, code) ? (REASONS[code] ?? '') : error.message
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
}
