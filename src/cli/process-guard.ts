import type { Log } from '../plugins/plugin.ts'

/**
 * A reader of our output that went away (`slicedns … | head`) must not end what is served, nor show a stack trace. Other
 * faults of the stream, such as a full disk, are as little a reason to stop.
 */
export function outliveOutput(streams: readonly Pick<NodeJS.EventEmitter, 'on'>[]): void {
  for (const stream of streams) stream.on('error', () => {})
}

/** What nobody caught is logged, and serving goes on: one query or one file failed, not the data of the others. */
export function logUncaught(log: Log, emitter: NodeJS.EventEmitter = process): void {
  const report = (what: string) => (error: unknown) =>
    log.error(`${what}, which is a fault of SliceDNS; serving goes on: ${String(error)}`, { err: error })
  emitter.on('uncaughtException', report('uncaught exception'))
  emitter.on('unhandledRejection', report('unhandled rejection'))
}

/** How long what is left to do may take, such as writing the last log lines. */
const LINGER_MS = 2_000

/**
 * Ends the process also where nobody reads its log: a write that is stuck in the system cannot be taken back, and any
 * ordinary exit waits for it. Where nothing is stuck the process is gone before.
 */
export function endEvenIfStuck(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LINGER_MS).unref()
}
