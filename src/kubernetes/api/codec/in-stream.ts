import { MalformedStream } from '../api-event.ts'
import { BrokenObject } from './broken-object.ts'

/** Runs what reads something around objects: if that is broken, the stream is. */
export function inStream<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw streamError(what, error)
  }
}

/** What to throw where reading something around objects threw this. */
export function streamError(what: string, error: unknown): unknown {
  if (!(error instanceof BrokenObject)) return error
  return new MalformedStream(`${what} cannot be read: ${error.message}`, { cause: error })
}
