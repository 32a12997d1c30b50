import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import type { ClientRequest } from 'node:http'
import type { ControlPlane } from '../../test/control-plane/control-plane.ts'
import type { BenchService } from '../cluster.ts'

/** A watch on one slice that only notes when it hears of an address: what a server could not have known before. */
export class WatchTimes {
  readonly #call: ClientRequest
  readonly #waiting = new Map<string, (at: number) => void>()

  private constructor(call: ClientRequest) {
    this.#call = call
    call.on('response', (response) => {
      response.on('data', (chunk: Buffer) => this.#hear(chunk.toString('latin1'), performance.now()))
    })
    call.on('error', () => {})
  }

  /** Resolves when the watch is open. */
  static async open(plane: ControlPlane, { namespace, name }: BenchService): Promise<WatchTimes> {
    const selector = encodeURIComponent(`metadata.name=${name}-0`)
    const call = request({
      host: '127.0.0.1',
      port: plane.apiPort,
      path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?watch=1&fieldSelector=${selector}`,
      ca: readFileSync(plane.caFile),
      headers: { accept: 'application/json', authorization: `Bearer ${plane.adminToken}` },
    })
    const times = new WatchTimes(call)
    await new Promise<void>((resolve, reject) => {
      call.once('response', () => resolve())
      call.once('error', reject)
      call.end()
    })
    return times
  }

  /** When an event with this address comes, in milliseconds as of performance.now. */
  timeOf(address: string): Promise<number> {
    return new Promise((resolve) => {
      this.#waiting.set(address, resolve)
    })
  }

  close(): void {
    this.#call.destroy()
  }

  #hear(text: string, at: number): void {
    for (const [address, resolve] of this.#waiting) {
      if (!text.includes(`"${address}"`)) continue
      this.#waiting.delete(address)
      resolve(at)
    }
  }
}
