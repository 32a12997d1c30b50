import {
  ApiConnectionError,
  type ApiRequest,
  type ApiResponse,
  type ApiTransport,
} from '../../src/kubernetes/api/api-transport.ts'

/** Of a response: status 200 and JSON where it does not say. */
export interface Head {
  readonly status?: number
  readonly contentType?: string
  readonly contentEncoding?: string
  readonly retryAfterSeconds?: number
  readonly server?: string
}

/** An API server of which a test writes every answer, and nothing comes by itself. */
export class ScriptedApi implements ApiTransport {
  readonly requests: ScriptedRequest[] = []

  get(request: ApiRequest): Promise<ApiResponse> {
    const scripted = new ScriptedRequest(request)
    this.requests.push(scripted)
    return scripted.response
  }

  close(): void {
    for (const request of this.open) request.fail('closed')
  }

  /** Those that have not ended, of either side. */
  get open(): readonly ScriptedRequest[] {
    return this.requests.filter(({ isOpen }) => isOpen)
  }

  /** The only one that has not ended. */
  get current(): ScriptedRequest {
    const [request, ...others] = this.open
    if (request === undefined || others.length > 0) throw new Error(`${this.open.length} requests are open`)
    return request
  }
}

export class ScriptedRequest {
  readonly response: Promise<ApiResponse>
  readonly accept: string
  readonly path: string
  readonly query: URLSearchParams
  #isOpen = true
  readonly #head = Promise.withResolvers<ApiResponse>()
  readonly #pieces: (Uint8Array | 'end' | Error)[] = []
  #wake = Promise.withResolvers<void>()

  constructor({ path, accept, signal }: ApiRequest) {
    this.response = this.#head.promise
    this.accept = accept
    const url = new URL(path, 'http://api.test')
    this.path = url.pathname
    this.query = url.searchParams
    signal.addEventListener('abort', () => this.fail('ended by the client'), { once: true })
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  respond({
    status = 200,
    contentType = 'application/json',
    contentEncoding = '',
    ...head
  }: Head = {}): this {
    const body = this.#body()
    this.#head.resolve({
      status,
      contentType,
      contentEncoding,
      retryAfterSeconds: head.retryAfterSeconds,
      server: head.server,
      body,
    })
    return this
  }

  /** A piece of the body: octets, text, or a value as a line of JSON. */
  send(...pieces: readonly (Uint8Array | string | object)[]): this {
    for (const piece of pieces) this.#push(octetsOf(piece))
    return this
  }

  end(): this {
    this.#push('end')
    this.#isOpen = false
    return this
  }

  /** No response, or no more of it. */
  fail(message: string): this {
    const error = new ApiConnectionError(message)
    this.#head.reject(error)
    this.#push(error)
    this.#isOpen = false
    return this
  }

  #push(piece: Uint8Array | 'end' | Error): void {
    this.#pieces.push(piece)
    this.#wake.resolve()
  }

  async *#body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = this.#pieces.shift()
      if (piece === 'end') return
      if (piece instanceof Error) throw piece
      if (piece !== undefined) yield piece
      if (this.#pieces.length > 0) continue
      this.#wake = Promise.withResolvers()
      await this.#wake.promise
    }
  }
}

function octetsOf(piece: Uint8Array | string | object): Uint8Array {
  if (piece instanceof Uint8Array) return piece
  return new TextEncoder().encode(typeof piece === 'string' ? piece : `${JSON.stringify(piece)}\n`)
}
