import { BlockList, isIP } from 'node:net'

/** A proxy that a variable of the environment names. */
export interface EnvironmentProxy {
  /** With user and password, where it has them. */
  readonly url: string
  /** The name of the variable. */
  readonly variable: string
}

/**
 * The proxy that stands before a server by HTTPS_PROXY, HTTP_PROXY and NO_PROXY, or the same in lower case, as programs in Go take them
 * (golang.org/x/net/http/httpproxy), kubectl among them; undefined where the way is direct. A text that is no URL counts as absent.
 */
export function environmentProxy(
  server: URL,
  variables: Readonly<Record<string, string | undefined>>,
): EnvironmentProxy | undefined {
  const variable = firstSet(server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY', variables)
  const url = variable && proxyUrl(variables[variable] ?? '')
  if (variable === undefined || url === undefined) return undefined
  const exceptions = firstSet('NO_PROXY', variables)
  if (isExcepted(server, exceptions === undefined ? '' : (variables[exceptions] ?? ''))) return undefined
  return { url, variable }
}

function firstSet(name: string, variables: Readonly<Record<string, string | undefined>>): string | undefined {
  return [name, name.toLowerCase()].find((each) => (variables[each] ?? '') !== '')
}

/** `HOST:PORT` alone is a proxy over http. */
function proxyUrl(text: string): string | undefined {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  return url === null || url.hostname === '' ? undefined : url.href
}

interface Target {
  /** In lower case, without the brackets of an IPv6 address. */
  readonly host: string
  readonly port: string
}

function isExcepted({ hostname, port, protocol }: URL, exceptions: string): boolean {
  const host = withoutBrackets(hostname)
  // A proxy would take itself for that host.
  if (host === 'localhost' || isWithin(host, LOOPBACK)) return true
  const target = { host, port: port === '' ? defaultPort(protocol) : port }
  return exceptions.split(',').some((entry) => matches(entry.trim().toLowerCase(), target))
}

function matches(entry: string, { host, port }: Target): boolean {
  if (entry === '*') return true
  const range = rangeOf(entry)
  if (range !== undefined) return isWithin(host, range)
  const [name, onlyPort] = splitPort(entry)
  if (name === '' || (onlyPort !== '' && onlyPort !== port)) return false
  const address = rangeOf(`${name}/${isIP(name) === 6 ? 128 : 32}`)
  return address === undefined ? matchesName(name, host) : isWithin(host, address)
}

/** `example.com` is the name itself and all below it; `.example.com` and `*.example.com` are those below alone. */
function matchesName(name: string, host: string): boolean {
  if (isIP(host) !== 0) return false
  const suffix = name.replace(/^\*(?=\.)/, '')
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`)
}

/** Of `ADDRESS/BITS`; undefined for everything else. */
function rangeOf(text: string): BlockList | undefined {
  const [, address = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(text) ?? []
  const family = isIP(address)
  if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) return undefined
  const range = new BlockList()
  range.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6')
  return range
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

function isWithin(host: string, range: BlockList): boolean {
  const family = isIP(host)
  return family !== 0 && range.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

/** Host and port, which is empty where there is none. */
function splitPort(entry: string): readonly [string, string] {
  if (isIP(entry) !== 0) return [entry, '']
  const [, host = entry, port = ''] = /^(.*):(\w*)$/.exec(entry) ?? []
  return [withoutBrackets(host), port]
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80'
}
