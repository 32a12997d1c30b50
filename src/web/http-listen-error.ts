import type { HttpAddress, HttpEndpoint } from '../metrics/http-endpoint.ts'
import { systemCode } from '../server/system-code.ts'

type HttpListenErrorCode = 'SLICEDNS_HTTP_PORT_IN_USE' | 'SLICEDNS_HTTP_LISTEN_FAILED'

/** A port for HTTP could not be opened: what, where, how to mend, in one line. The system's own error is the cause. */
export class HttpListenError extends Error {
  override readonly name = 'HttpListenError'
  readonly code: HttpListenErrorCode

  constructor({ host, port }: HttpAddress, endpoints: readonly HttpEndpoint[], cause: unknown) {
    const directive = endpoints[0]?.directive ?? ''
    const paths = [...new Set(endpoints.map(({ path }) => path))].join(', ')
    const place = host?.includes(':') === true ? `[${host}]:${port}` : `${host ?? ''}:${port}`
    const isTaken = systemCode(cause) === 'EADDRINUSE'
    const reason = isTaken
      ? `the port is in use; "lsof -nP -i :${port}" shows by whom, "${directive} [HOST]:PORT" in the Corefile chooses another`
      : (REASONS[systemCode(cause) ?? ''] ?? (cause instanceof Error ? cause.message : String(cause)))
    super(`Cannot listen on ${place} (HTTP, for ${paths}): ${reason}`, { cause })
    this.code = isTaken ? 'SLICEDNS_HTTP_PORT_IN_USE' : 'SLICEDNS_HTTP_LISTEN_FAILED'
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not open the port; choose one above 1023',
  EPERM: 'this user may not open the port; choose one above 1023',
  EADDRNOTAVAIL: 'no interface of this host has the address; give one that it has',
  EAFNOSUPPORT: 'no interface of this host has the address; give one that it has',
  ENOTFOUND: 'the host name has no address; give an IP address',
  EAI_AGAIN: 'the host name cannot be looked up; give an IP address',
}
