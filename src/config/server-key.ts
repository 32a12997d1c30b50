import { ConfigError, quoted } from './config-error.ts'
import type { Position, ServerKey, Transport } from './corefile.ts'
import { didYouMean } from './nearest-word.ts'
import { zonesFromText } from './zone-text.ts'

/** Port of each transport where the key names none; `dns` takes the one of the process (RFC 7858, 8484, 9250). */
const DEFAULT_PORTS: Readonly<Record<Exclude<Transport, 'dns'>, number>> = {
  tls: 853,
  quic: 853,
  https: 443,
  https3: 443,
  grpc: 443,
}

const TRANSPORTS: readonly Transport[] = ['dns', 'tls', 'https', 'https3', 'grpc', 'quic']

/** Reads `[SCHEME://]ZONE[:PORT]` or `[SCHEME://]CIDR[:PORT]`. Throws a ConfigError. */
export function parseServerKey(text: string, position: Position): ServerKey {
  const { transport, rest } = splitTransport(text, position)
  const { zoneText, port } = splitPort(rest, text, position)
  // A comma or brace could stand in a name, but was meant as the word it lacks a space from.
  const zones = /[,{}]/.test(zoneText) ? undefined : zonesFromText(zoneText)
  if (zones !== undefined) return { text, transport, zones, port, position }
  throw keyError(`${quoted(zoneText)} is not a zone`, position, hintForZone(zoneText))
}

/** The port that a key listens on, `defaultPort` being the one of `-dns.port`. */
export function portOfKey(key: ServerKey, defaultPort: number): number {
  if (key.port !== undefined) return key.port
  return key.transport === 'dns' ? defaultPort : DEFAULT_PORTS[key.transport]
}

function splitTransport(text: string, position: Position): { transport: Transport; rest: string } {
  const end = text.indexOf('://')
  if (end === -1) return { transport: 'dns', rest: text }
  const scheme = text.slice(0, end)
  const transport = TRANSPORTS.find((known) => known === scheme)
  if (transport !== undefined) return { transport, rest: text.slice(end + 3) }
  const hint = didYouMean(scheme, TRANSPORTS) ?? `known are ${TRANSPORTS.join(', ')}`
  throw keyError(`unknown transport ${quoted(scheme)}`, position, hint)
}

/** From the back, so that the colons of an IPv6 prefix stay with it: its length always stands before the port. */
function splitPort(
  rest: string,
  key: string,
  position: Position,
): { zoneText: string; port: number | undefined } {
  const colon = rest.lastIndexOf(':')
  const portText = rest.slice(colon + 1)
  if (colon === -1 || portText.includes('/')) return { zoneText: rest, port: undefined }
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : Infinity
  if (port > 65_535) {
    throw keyError(
      `${quoted(portText)} in ${quoted(key)} is not a port`,
      position,
      'a port is a number from 0 to 65535',
    )
  }
  if (colon === 0)
    throw keyError(`no zone before the port in ${quoted(key)}`, position, `for all names write .:${port}`)
  return { zoneText: rest.slice(0, colon), port }
}

function hintForZone(zoneText: string): string {
  if (/[{}]/.test(zoneText)) return 'put a space before the brace'
  if (zoneText.includes(',')) return 'put a space after each comma'
  if (/[/:]/.test(zoneText))
    return 'a CIDR is a whole address and a prefix length, such as 10.0.0.0/8 or fd00::/8'
  return 'write a domain name of labels up to 63 octets, 255 in all, such as example.org'
}

function keyError(message: string, position: Position, hint: string): ConfigError {
  return new ConfigError({ code: 'SLICEDNS_CONFIG_SERVER_KEY', message, position, hint })
}
