import { MalformedStream } from '../api-event.ts'
import { BrokenObject } from './broken-object.ts'

/** Runs what reads something around objects: if that is broken, the stream is. */
export function inStream<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof BrokenObject)) throw error
    throw new MalformedStream(`${what} cannot be read: ${error.message}`, { cause: error })
  }
}
