import type { Agent } from 'node:http'
import type { SecureContext } from 'node:tls'

/** Where the API server is and what is said to it, as it stands at each request. */
export interface Credentials {
  /** Rejects with CredentialsError. */
  current(): Promise<ApiAccess>
  /** The API server did not take them (401): nothing that was kept of them is used again. */
  refused(): void
}

export interface ApiAccess {
  /** The same value as long as connections that were made before may go on being used. */
  readonly server: ApiServer
  /** Such as Authorization. */
  readonly headers: Readonly<Record<string, string>>
}

export interface ApiServer {
  /** With a path where one is to be put before all others. No user, no query. */
  readonly url: URL
  readonly tls: ServerTls
  /** What stands between; undefined for the direct way. */
  readonly proxy: ServerProxy | undefined
}

export interface ServerProxy {
  /** Connects through it. */
  readonly agent: Agent
  /** For messages, without its password: `the proxy http://192.0.2.1:3128 of HTTPS_PROXY`. */
  readonly text: string
}

/** Counts for https alone. */
export interface ServerTls {
  /** Undefined for the certificates that the system trusts, and none to show. */
  readonly secureContext: SecureContext | undefined
  /** The name in the server's certificate; undefined for the host of the URL. */
  readonly serverName: string | undefined
  /** False where any certificate will do. */
  readonly verifies: boolean
  /** What the server's certificate is checked with, for messages: `the CA in /ca.crt`. */
  readonly caText: string
  /** What we show, for messages: `client certificate /tls.crt`; undefined for nothing. */
  readonly certificateText: string | undefined
}

/** `code` is stable and stands in docs/errors.md. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError'
  readonly code: `SLICEDNS_API_${string}`

  /** The message says what, where and how to mend. */
  constructor(code: `SLICEDNS_API_${string}`, message: string, cause?: unknown) {
    super(message.replaceAll(/\s+/g, ' '), { cause })
    this.code = code
  }
}
