import type { HttpAddress, HttpEndpoint } from '../metrics/http-endpoint.ts'
import { openHttpServer } from './http-server.ts'
import { HTTP_LIMITS } from './http-limits.ts'
import type { HttpServer, OnHttpError } from './http-server.ts'
import { startSelfCheck } from './self-check.ts'

export interface HttpServersOptions {
  readonly onError: OnHttpError
  /** A clock that never goes back. */
  readonly nowMs: () => number
}

/** Where an HTTP server listens, and what it serves there. */
export interface HttpPlace {
  readonly address: string
  readonly port: number
  readonly paths: readonly string[]
}

interface Running {
  readonly server: HttpServer
  endpoints: readonly HttpEndpoint[]
  stopChecks: () => void
}

/** The HTTP servers of the process: one for each address, whichever server blocks name it. */
export class HttpServers {
  readonly #options: HttpServersOptions
  readonly #running = new Map<string, Running>()
  #maxConnections: number = HTTP_LIMITS.maxConnections

  constructor(options: HttpServersOptions) {
    this.#options = options
  }

  get places(): readonly HttpPlace[] {
    return [...this.#running.values()].map(({ server: { address, port }, endpoints }) => ({
      address,
      port,
      paths: [...new Set(endpoints.map(({ path }) => path))],
    }))
  }

  /** Connections to each of the servers at a time, from now on. */
  setMaxConnections(count: number): void {
    this.#maxConnections = count
    for (const { server } of this.#running.values()) server.setMaxConnections(count)
  }

  /**
   * Serves exactly these from now on: opens what is new, closes what is gone, and lets go on what stays. Rejects with an
   * HttpListenError where a port cannot be opened; then all is as it was before.
   */
  async serve(endpoints: readonly HttpEndpoint[]): Promise<void> {
    const wanted = Map.groupBy(endpoints, ({ address }) => keyOf(address))
    const opened = await this.#open(wanted)
    for (const [key, running] of opened) this.#running.set(key, running)
    const gone = [...this.#running].filter(([key]) => !wanted.has(key))
    await Promise.all(gone.map(([key]) => this.#close(key)))
    for (const [key, running] of this.#running) {
      running.endpoints = wanted.get(key) ?? []
      running.server.setEndpoints(running.endpoints)
      running.stopChecks()
      running.stopChecks = this.#startChecks(running)
    }
  }

  /**
   * Closes every port that serves nothing but endpoints which close first, and serves the others without those: who sends
   * traffic here sees at once that it shall not.
   */
  async closeFirst(): Promise<void> {
    await this.serve(
      [...this.#running.values()].flatMap((running) =>
        running.endpoints.filter(({ closesFirst }) => closesFirst !== true),
      ),
    )
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((key) => this.#close(key)))
  }

  async #open(wanted: ReadonlyMap<string, readonly HttpEndpoint[]>): Promise<ReadonlyMap<string, Running>> {
    const opened = new Map<string, Running>()
    try {
      for (const [key, endpoints] of wanted) {
        const [first] = endpoints
        if (first === undefined || this.#running.has(key)) continue
        const server = await openHttpServer(first.address, endpoints, this.#options.onError)
        server.setMaxConnections(this.#maxConnections)
        opened.set(key, { server, endpoints, stopChecks: () => {} })
      }
      return opened
    } catch (error) {
      await Promise.all([...opened.values()].map(({ server }) => server.close()))
      throw error
    }
  }

  async #close(key: string): Promise<void> {
    const running = this.#running.get(key)
    this.#running.delete(key)
    running?.stopChecks()
    await running?.server.close()
  }

  #startChecks({ server, endpoints }: Running): () => void {
    const checked = endpoints.find(({ onSelfCheck }) => onSelfCheck !== undefined)
    return checked === undefined ? () => {} : startSelfCheck(checked, server, this.#options.nowMs)
  }
}

function keyOf({ host, port }: HttpAddress): string {
  return JSON.stringify([host ?? '', port])
}
