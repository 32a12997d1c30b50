/** A page that is served over HTTP to those who watch the process. A plain value: whoever owns sockets serves it. */
export interface HttpEndpoint {
  /** The directive that asks for it, for messages. */
  readonly directive: string
  readonly address: HttpAddress
  /** Such as `/metrics`. Of several with the same address and path the first is served. */
  readonly path: string
  readonly respond: HttpResponder
  /** Its port closes as soon as the process is asked to stop, while everything else still answers. */
  readonly closesFirst?: true
  /** Called every second with what came of asking the endpoint over the network, as its clients do. */
  readonly onSelfCheck?: (outcome: SelfCheckOutcome) => void
}

/** Where to listen. Without a host: every address of this machine. */
export interface HttpAddress {
  readonly host: string | undefined
  /** 0 for any free one. */
  readonly port: number
}

/** What is asked. Only GET and HEAD come this far. */
export interface HttpRequest {
  readonly query: URLSearchParams
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

export interface HttpReply {
  readonly status: number
  readonly contentType: string
  readonly body: string | AsyncIterable<Uint8Array | string>
  /** A name under which browsers save it. */
  readonly fileName?: string
}

export type HttpResponder = (request: HttpRequest) => HttpReply | Promise<HttpReply>

export interface SelfCheckOutcome {
  readonly durationSeconds: number
  /** Why it failed; undefined where it did not. */
  readonly error: string | undefined
}

/** A reply of one line. */
export function textReply(status: number, body: string): HttpReply {
  return { status, contentType: 'text/plain; charset=utf-8', body }
}
