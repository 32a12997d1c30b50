import { isIP } from 'node:net'

import { nameFromText } from '../wire/name.ts'

/** A server that queries are forwarded to. */
export interface Upstream {
  /** An IP address in text; a link-local IPv6 address may carry its zone, as in `fe80::1%eth0` (RFC 4007 section 11). */
  readonly address: string
  readonly port: number
  /** Asked over TLS only (RFC 7858). */
  readonly tls?: UpstreamTls
}

export interface UpstreamTls {
  /** The name its certificate must be for, where `tls_servername` gives none; undefined for its address. */
  readonly serverName: string | undefined
}

/** An upstream that is known by name. */
export interface UpstreamHost extends Omit<Upstream, 'address'> {
  readonly hostName: string
}

/** `file`: the text names no address and no transport, so it may also be the path of a resolv.conf file. */
export type ParsedUpstream =
  | { readonly kind: 'upstream'; readonly upstream: Upstream }
  | { readonly kind: 'host'; readonly host: UpstreamHost; readonly mayBeFile: boolean }
  | { readonly kind: 'error'; readonly text: string; readonly mayBeFile: boolean }

/** The port of DNS over UDP and TCP (RFC 1035 section 4.2). */
export const DNS_PORT = 53

/** The port of DNS over TLS (RFC 7858 section 3.1). */
const TLS_PORT = 853

/** Transports that CoreDNS knows and this server does not forward over. */
const OTHER_TRANSPORTS = new Set(['https', 'grpc', 'quic', 'unix'])

/**
 * Reads one TO argument of `forward`: `8.8.8.8`, `8.8.8.8:5353`, `::1`, `[::1]:53`, `dns.example`, each also behind `dns://`
 * or `tls://`; over TLS the name of the certificate may follow the address, as in `tls://9.9.9.9%dns.quad9.net:853`. The
 * error text says what is wrong and what to write instead; the caller knows where it stands.
 */
export function parseUpstreamAddress(text: string): ParsedUpstream {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)
  const transport = scheme?.[1]?.toLowerCase()
  if (transport === undefined) return parseHostPort(text, text, true)
  const rest = text.slice(transport.length + '://'.length)
  if (transport === 'dns') return parseHostPort(text, rest, false)
  if (transport === 'tls') return parseTls(text, rest)
  if (OTHER_TRANSPORTS.has(transport))
    return failure(`forwarding over ${transport}:// is not supported; give an address, or tls:// and one`)
  return failure(`"${text}": unknown transport "${transport}"; there are dns:// and tls://`)
}

/** `127.0.0.1:53`, `[::1]:53`, `tls://127.0.0.1:853`: how addresses stand in messages and logs (RFC 5952 section 6). */
export function upstreamToText({ address, port, tls }: Upstream): string {
  const host = isIP(address) === 6 ? `[${address}]` : address
  return `${tls === undefined ? '' : 'tls://'}${host}:${port}`
}

function parseTls(text: string, rest: string): ParsedUpstream {
  const named = /^(.*?)%([^%:\]]*)(\]?)(:\d+)?$/.exec(rest)
  const serverName = named?.[2]
  // What follows the zone sign of an IPv6 address may be an interface; a name of a server has dots.
  const isName = serverName?.includes('.') === true
  const address = isName ? `${named?.[1] ?? ''}${named?.[3] ?? ''}${named?.[4] ?? ''}` : rest
  const parsed = parseHostPort(text, address, false, TLS_PORT)
  const tls = { serverName: isName ? serverName : undefined }
  if (parsed.kind === 'upstream') return { kind: 'upstream', upstream: { ...parsed.upstream, tls } }
  if (parsed.kind === 'host') return { ...parsed, host: { ...parsed.host, tls } }
  return parsed
}

function parseHostPort(
  text: string,
  hostPort: string,
  mayBeFile: boolean,
  defaultPort = DNS_PORT,
): ParsedUpstream {
  if (isIP(hostPort) !== 0) return upstreamOf(hostPort, defaultPort)
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(hostPort)
  const [host = '', portText, ...more] =
    bracketed === null ? hostPort.split(':') : [bracketed[1] ?? '', bracketed[2]]
  if (bracketed !== null && isIP(host) !== 6)
    return failure(`"${text}": brackets are for IPv6 addresses, as in [2001:db8::1]:53`)
  if (more.length > 0) return notAnAddress(text, mayBeFile)
  const port = portText === undefined ? defaultPort : portOf(portText)
  const isAddress = isIP(host) !== 0
  if (!isAddress && !isHostName(host)) return notAnAddress(text, mayBeFile)
  if (port === undefined) return failure(`"${text}": the port must be a number from 1 to 65535`)
  return isAddress ? upstreamOf(host, port) : { kind: 'host', host: { hostName: host, port }, mayBeFile }
}

/** The last label of a host name is never a number (RFC 1123 section 2.1): `1.1.1` is a mistyped address. */
function isHostName(text: string): boolean {
  return HOST_NAME.test(text) && !/(^|\.)\d+\.?$/.test(text) && nameFromText(text) !== undefined
}

const HOST_NAME = /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*\.?$/i

function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port < 1 || port > 65_535 ? undefined : port
}

function notAnAddress(text: string, mayBeFile: boolean): ParsedUpstream {
  const place = mayBeFile
    ? 'an IP address, a host name or the path of a resolv.conf file'
    : 'an IP address or a host name'
  return { kind: 'error', mayBeFile, text: `"${text}" is not ${place}` }
}

function upstreamOf(address: string, port: number): ParsedUpstream {
  return { kind: 'upstream', upstream: { address, port } }
}

function failure(text: string): ParsedUpstream {
  return { kind: 'error', mayBeFile: false, text }
}
