/** A GET to the API server. */
export interface ApiRequest {
  /** With the query, such as `/api/v1/services?limit=500`; a prefix of the server's URL is put before it. */
  readonly path: string
  /** For the Accept header. */
  readonly accept: string
  /** Ends the request, or the body while it arrives. */
  readonly signal: AbortSignal
}

export interface ApiResponse {
  readonly status: number
  /** The URL of who answered, without user and query: for messages, and to notice that it is another one. */
  readonly server?: string | undefined
  /** Of the Content-Type header with its parameters; empty without one. */
  readonly contentType: string
  /** Of the Content-Encoding header; empty without one. We ask for `identity`, so anything else is no answer to us. */
  readonly contentEncoding: string
  /** Of the Retry-After header where it is in seconds. */
  readonly retryAfterSeconds: number | undefined
  /** Rejects with ApiConnectionError where the connection breaks, and where it ends before the body is complete. */
  readonly body: AsyncIterable<Uint8Array>
}

/** Speaks with one API server, with the credentials as they are at each request. */
export interface ApiTransport {
  /** Rejects with ApiConnectionError where there is no response. Redirects are not followed. */
  get(request: ApiRequest): Promise<ApiResponse>
  /** Ends every request and connection. */
  close(): void
}

/** No response, or not all of it. The message says what happened on one line, and where it helps, what to do. */
export class ApiConnectionError extends Error {
  override readonly name = 'ApiConnectionError'
}
