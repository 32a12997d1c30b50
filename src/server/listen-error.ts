import { endpointToText } from './plain-address.ts'
import { systemCode } from './system-code.ts'

type ListenErrorCode =
  | 'SLICEDNS_PORT_IN_USE'
  | 'SLICEDNS_PORT_NOT_PERMITTED'
  | 'SLICEDNS_ADDRESS_NOT_AVAILABLE'
  | 'SLICEDNS_LISTEN_FAILED'

/** A port could not be opened: what, where, how to mend, in one line. The system's own error is the cause. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code: ListenErrorCode
  readonly address: string
  readonly port: number
  readonly transport: 'udp' | 'tcp'

  constructor(
    target: { readonly address: string; readonly port: number; readonly transport: 'udp' | 'tcp' },
    cause: unknown,
  ) {
    const { code, reason } = explain(target, cause)
    const where = `${endpointToText(target.address, target.port)} (${target.transport.toUpperCase()})`
    super(`Cannot listen on ${where}: ${reason}`, { cause })
    this.code = code
    this.address = target.address
    this.port = target.port
    this.transport = target.transport
  }
}

function explain(
  { address, port }: { readonly address: string; readonly port: number },
  cause: unknown,
): { readonly code: ListenErrorCode; readonly reason: string } {
  const system = systemCode(cause)
  if (system === 'EADDRINUSE') {
    const reason = `the port is in use; "lsof -nP -i :${port}" shows by whom, -dns.port chooses another`
    return { code: 'SLICEDNS_PORT_IN_USE', reason }
  }
  if (system === 'EACCES' || system === 'EPERM') {
    const reason =
      'this user may not open the port; choose one above 1023 with -dns.port, or grant CAP_NET_BIND_SERVICE'
    return { code: 'SLICEDNS_PORT_NOT_PERMITTED', reason }
  }
  if (system === 'EADDRNOTAVAIL' || system === 'EAFNOSUPPORT') {
    const reason = `no interface of this host has the address ${address}; bind one that it has`
    return { code: 'SLICEDNS_ADDRESS_NOT_AVAILABLE', reason }
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  return { code: 'SLICEDNS_LISTEN_FAILED', reason }
}
