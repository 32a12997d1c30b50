import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** An upstream on 127.0.0.1 that answers at once (upstream-thread.ts). */
export interface BenchUpstream {
  readonly port: number
  stop(): Promise<void>
}

export async function startUpstream(): Promise<BenchUpstream> {
  const thread = new Worker(new URL('./upstream-thread.ts', import.meta.url))
  const [port]: number[] = await once(thread, 'message')
  if (port === undefined) throw new Error('Cannot start the upstream: it told no port')
  return { port, stop: async () => void (await thread.terminate()) }
}
