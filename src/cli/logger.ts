import { pino } from 'pino'

import type { Log } from '../plugins/plugin.ts'
import { createLogStream } from './log-stream.ts'

/** Writes log lines to standard error: JSON for machines, and for people where it is a terminal. */
export async function createLogger(stream: typeof process.stderr = process.stderr): Promise<Log> {
  const destination = stream.isTTY
    ? await prettyStream(stream)
    : createLogStream({ descriptor: stream.fd, maxUnwrittenOctets: MAX_UNWRITTEN_OCTETS })
  const logger = pino({ base: null }, destination)
  return {
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  }
}

/**
 * Written aside, so that a reader of the log that is slow or gone keeps no query waiting. What it leaves unread beyond this
 * is dropped.
 */
const MAX_UNWRITTEN_OCTETS = 1024 * 1024

/** For embedders who want no lines at all. */
export const SILENT_LOG: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** Loaded only where somebody looks: it costs 20 ms and some megabytes. */
async function prettyStream(stream: typeof process.stderr): Promise<NodeJS.WritableStream> {
  const { PinoPretty } = await import('pino-pretty')
  return PinoPretty({
    destination: stream.fd,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
    ignore: 'pid,hostname',
  })
}
