import { isIP } from 'node:net'

/** A server that queries are forwarded to, over UDP and TCP. */
export interface Upstream {
  /** An IP address in text; a link-local IPv6 address may carry its zone, as in `fe80::1%eth0` (RFC 4007 section 11). */
  readonly address: string
  readonly port: number
}

/** `mayBeFile`: the text names no address and no transport, so it can still be the path of a resolv.conf file. */
export type ParsedUpstream =
  | { readonly kind: 'upstream'; readonly upstream: Upstream }
  | { readonly kind: 'error'; readonly text: string; readonly mayBeFile: boolean }

/** The port of DNS over UDP and TCP (RFC 1035 section 4.2). */
export const DNS_PORT = 53

/** Transports that CoreDNS forwards over and this server does not, yet. */
const LATER_TRANSPORTS = new Set(['tls', 'https', 'grpc', 'quic', 'unix'])

/**
 * Reads one TO argument of `forward`: `8.8.8.8`, `8.8.8.8:5353`, `::1`, `[::1]:53`, each also behind `dns://`. The error
 * text says what is wrong and what to write instead; the caller knows where it stands.
 */
export function parseUpstreamAddress(text: string): ParsedUpstream {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)
  const transport = scheme?.[1]?.toLowerCase()
  if (transport === undefined) return parseHostPort(text, true)
  if (LATER_TRANSPORTS.has(transport)) {
    return failure(`forwarding over ${transport}:// comes later; give a plain address such as 1.1.1.1`)
  }
  if (transport !== 'dns')
    return failure(`"${text}": unknown transport "${transport}"; dns:// is the one there is`)
  return parseHostPort(text.slice('dns://'.length), false)
}

/** `127.0.0.1:53`, `[::1]:53`: how addresses with ports stand in messages and logs (RFC 5952 section 6). */
export function upstreamToText(upstream: Upstream): string {
  const host = isIP(upstream.address) === 6 ? `[${upstream.address}]` : upstream.address
  return `${host}:${upstream.port}`
}

function parseHostPort(text: string, mayBeFile: boolean): ParsedUpstream {
  if (isIP(text) !== 0) return upstreamOf(text, DNS_PORT)
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text)
  if (bracketed !== null) return parseBracketed(text, bracketed[1] ?? '', bracketed[2])
  const [host = '', portText, ...more] = text.split(':')
  if (portText === undefined || more.length > 0) return notAnAddress(text, mayBeFile)
  if (isIP(host) !== 4) return notAnAddress(text, mayBeFile)
  return withPort(text, host, portText)
}

function parseBracketed(text: string, host: string, portText: string | undefined): ParsedUpstream {
  if (isIP(host) !== 6) return failure(`"${text}": brackets are for IPv6 addresses, as in [2001:db8::1]:53`)
  return portText === undefined ? upstreamOf(host, DNS_PORT) : withPort(text, host, portText)
}

function withPort(text: string, host: string, portText: string): ParsedUpstream {
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0
  if (port < 1 || port > 65_535) return failure(`"${text}": the port must be a number from 1 to 65535`)
  return upstreamOf(host, port)
}

function notAnAddress(text: string, mayBeFile: boolean): ParsedUpstream {
  const place = mayBeFile ? 'an IP address or the path of a resolv.conf file' : 'an IP address'
  return { kind: 'error', mayBeFile, text: `"${text}" is not ${place}; host names are not looked up` }
}

function upstreamOf(address: string, port: number): ParsedUpstream {
  return { kind: 'upstream', upstream: { address, port } }
}

function failure(text: string): ParsedUpstream {
  return { kind: 'error', mayBeFile: false, text }
}
