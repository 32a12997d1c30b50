import { rmSync, writeFileSync } from 'node:fs'

import { StartError, systemReason } from './start-error.ts'

/** Writes this process's id to a file that is gone again when the process ends. Throws a StartError. */
export function writePidfile(path: string): void {
  try {
    writeFileSync(path, `${process.pid}\n`)
  } catch (error) {
    const message = `Cannot write the process id to ${JSON.stringify(path)}: ${systemReason(error)}; give -pidfile another path`
    throw new StartError('SLICEDNS_PIDFILE', message, error)
  }
  process.once('exit', () => rmSync(path, { force: true }))
}
