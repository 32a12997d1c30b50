import { getSystemErrorMessage } from 'node:util'

/** `connection refused` for ECONNREFUSED: the system's words without the call that failed; else the error's own. */
export function networkErrorToText(error: Error): string {
  const errno = 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined
  return (errno === undefined ? undefined : getSystemErrorMessage(errno)) ?? error.message
}
