import { didYouMean } from '../config/nearest-word.ts'
import { ipFromText } from '../wire/ip-address.ts'
import { nameFromText } from '../wire/name.ts'
import { reverseName } from '../wire/reverse-name.ts'
import { rrTypeFromText, RrType } from '../wire/rrtype.ts'
import type { ServerEndpoint } from './dns-client.ts'

/** What `slicedns query` was asked to do. */
export interface QueryArguments {
  readonly name: string
  readonly rrtype: number
  readonly server: ServerEndpoint
  readonly tcp: boolean
  readonly short: boolean
  readonly json: boolean
}

const QUERY_USAGE = 'slicedns query NAME [TYPE] [@server[:port]] [+tcp +short +json]'

/** Where `slicedns FOLDER` listens. */
const DEFAULT_SERVER: ServerEndpoint = { address: '127.0.0.1', port: 1053 }
const DNS_PORT = 53

const SWITCHES = ['tcp', 'short', 'json'] as const

/** Reads the words in any order. An address in place of a name asks for its reverse name. Throws an Error that says how to mend. */
export function parseQueryArguments(argv: readonly string[]): QueryArguments {
  const on = new Set<string>()
  let server = DEFAULT_SERVER
  const plain: string[] = []
  for (const word of argv) {
    if (word.startsWith('@')) server = parseServer(word.slice(1))
    else if (word.startsWith('+')) on.add(parseSwitch(word))
    else plain.push(word)
  }
  const [name, typeText, surplus] = plain
  if (name === undefined) throw new Error(`what is to be asked? ${QUERY_USAGE}`)
  if (surplus !== undefined) throw new Error(`"${surplus}" is one word too many: ${QUERY_USAGE}`)
  return {
    ...parseQuestion(name, typeText),
    server,
    tcp: on.has('tcp'),
    short: on.has('short'),
    json: on.has('json'),
  }
}

function parseQuestion(name: string, typeText: string | undefined): Pick<QueryArguments, 'name' | 'rrtype'> {
  const address = ipFromText(name)
  if (address !== undefined && typeText === undefined)
    return { name: reverseName(address), rrtype: RrType.PTR }
  const rrtype = rrTypeFromText(typeText ?? 'A')
  if (rrtype === undefined) {
    const hint = didYouMean(typeText ?? '', Object.keys(RrType)) ?? 'write a mnemonic such as AAAA, or TYPE65'
    throw new Error(`"${typeText}" is no record type; ${hint}`)
  }
  const parsed = nameFromText(name)
  if (parsed === undefined)
    throw new Error(`"${name}" is no domain name: labels hold 1 to 63 octets, a name 255`)
  if (parsed.includes('\\'))
    throw new Error(`"${name}" has an escaped character, which this client cannot send; use dig`)
  return { name: parsed, rrtype }
}

function parseServer(text: string): ServerEndpoint {
  const [, bracketed, host, portText] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? []
  const address = bracketed ?? host ?? text
  const port = portText === undefined ? DNS_PORT : Number(portText)
  if ((ipFromText(address) !== undefined || address === 'localhost') && port > 0 && port <= 65_535) {
    return { address: address === 'localhost' ? '127.0.0.1' : address, port }
  }
  throw new Error(`"@${text}" is no server: write an address and port, as @127.0.0.1:1053 or @[::1]:53`)
}

function parseSwitch(word: string): string {
  const name = word.slice(1)
  if (SWITCHES.some((known) => known === name)) return name
  const hint = didYouMean(name, SWITCHES)?.replace('"', '"+') ?? 'there are +tcp, +short and +json'
  throw new Error(`unknown word "${word}"; ${hint}`)
}
