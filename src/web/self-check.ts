import { Agent, get } from 'node:http'

import type { HttpEndpoint, SelfCheckOutcome } from '../metrics/http-endpoint.ts'

const INTERVAL_MS = 1_000
const TIMEOUT_MS = 3_000

/**
 * Asks an endpoint over the network once a second, as its clients do, and tells what came of it. One request at a time.
 * Does not keep the process alive. The function it returns ends it.
 */
export function startSelfCheck(
  { path, onSelfCheck }: HttpEndpoint,
  { address, port }: { readonly address: string; readonly port: number },
  nowMs: () => number,
): () => void {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let busy = false
  let ended = false
  const check = async (): Promise<void> => {
    if (busy) return
    busy = true
    const startedMs = nowMs()
    const error = await ask({ agent, host: reachable(address), port, path })
    busy = false
    const outcome: SelfCheckOutcome = { durationSeconds: (nowMs() - startedMs) / 1000, error }
    if (!ended) onSelfCheck?.(outcome)
  }
  const timer = setInterval(() => void check(), INTERVAL_MS).unref()
  return () => {
    ended = true
    clearInterval(timer)
    agent.destroy()
  }
}

/** Resolves with what went wrong, or undefined. */
function ask(target: {
  agent: Agent
  host: string
  port: number
  path: string
}): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get({ ...target, timeout: TIMEOUT_MS }, (response) => {
      response.resume()
      response.on('end', () =>
        resolve(response.statusCode === 200 ? undefined : `HTTP status ${response.statusCode}`),
      )
      response.on('error', (error) => resolve(error.message))
    })
    request.on('socket', (socket) => socket.unref())
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
    request.on('error', (error) => resolve(error.message))
  })
}

/** Of a wildcard, one of its addresses. */
function reachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  return address === '::' ? '::1' : address
}
