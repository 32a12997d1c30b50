import { setTimeout } from 'node:timers/promises'
import { getHeapSnapshot } from 'node:v8'

let isRecording = false

/**
 * Records for so long where this process spends its time, and gives a `.cpuprofile`. Undefined while another one is recorded.
 * Ends early, with what there is, when `signal` is aborted.
 */
export async function recordCpuProfile(durationMs: number, signal: AbortSignal): Promise<string | undefined> {
  // Loaded when it is asked for: it brings the threads of Node along.
  const { Session } = await import('node:inspector/promises')
  if (isRecording) return undefined
  isRecording = true
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    // Aborted means that nobody waits: no fault.
    await setTimeout(durationMs, undefined, { signal, ref: false }).catch(() => {})
    const { profile } = await session.post('Profiler.stop')
    return JSON.stringify(profile)
  } finally {
    session.disconnect()
    isRecording = false
  }
}

/** A `.heapsnapshot` of this process. It stands still while the snapshot is taken, and needs twice the heap for it. */
export function takeHeapSnapshot(): AsyncIterable<Uint8Array | string> {
  return getHeapSnapshot()
}
