import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'

import { ConfigError } from '../config/config-error.ts'
import type { Argument, Directive } from '../config/corefile.ts'
import {
  domainArgument,
  eachProperty,
  oneOf,
  parseDuration,
  parseInteger,
  requireArgs,
  zoneArguments,
} from '../config/directive-arguments.ts'
import type { ForwarderOptions, HealthOptions } from '../forward/forwarder-options.ts'
import { parseUpstreamAddress } from '../forward/upstream-address.ts'
import type { Upstream } from '../forward/upstream-address.ts'
import type { DomainName } from '../wire/name.ts'
import { ROOT } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import { refuseProperties } from './not-supported.ts'
import type { PluginHost } from './plugin.ts'
import { forwardError } from './upstream-arguments.ts'

/** What the properties of one `forward` ask for. */
export interface ForwardArguments {
  readonly options: ForwarderOptions
  /** SHA-256 of the files of `tls`, empty without them: two of the same are the same options. */
  readonly tlsDigest: string
  /** Servers that know the addresses of upstreams which are named by host; empty for what the system knows. */
  readonly resolvers: readonly Upstream[]
  /** Names that are not forwarded, with all below them. */
  readonly except: readonly DomainName[]
  /** RCODEs of an upstream that send the query on to the next `forward` of the block. */
  readonly next: ReadonlySet<number>
  /** The same for an answer without records. */
  readonly nextOnNodata: boolean
}

/** Properties that CoreDNS has. It is about `https://`, which there is not (upstream-address.ts). */
const NOT_SUPPORTED = ['doh_method']

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }
type Draft = Writable<Omit<ForwardArguments, 'options'>> & {
  options: Writable<Omit<ForwarderOptions, 'health' | 'streams'>>
  health: Writable<HealthOptions>
  streams: Writable<ForwarderOptions['streams']>
}

/** Reads the properties of one `forward`. Throws a ConfigError. */
export function parseForwardArguments(directive: Directive, host: PluginHost): ForwardArguments {
  const draft = createDraft()
  eachProperty(
    directive,
    {
      ...askingProperties(draft),
      ...transportProperties(draft, host),
      ...refuseProperties(directive, NOT_SUPPORTED),
    },
    ONCE,
  )
  const { options, health, streams, ...rest } = draft
  return { ...rest, options: { ...options, health, streams } }
}

const ONCE = ['policy', 'max_concurrent', 'health_check', 'max_fails', 'tls', 'tls_servername', 'expire']

/** As CoreDNS's, but for `max_concurrent`, which has a bound all the same, and `read_timeout`. */
function createDraft(): Draft {
  return {
    tlsDigest: '',
    resolvers: [],
    except: [],
    next: new Set(),
    nextOnNodata: false,
    options: {
      policy: 'random',
      forceTcp: false,
      maxConcurrent: undefined,
      maxConnectAttempts: undefined,
      readTimeoutMs: undefined,
      failover: new Set(),
      failsFast: false,
    },
    health: { maxFails: 2, probeIntervalMs: 500, probeName: ROOT, probeRecursionDesired: true },
    streams: {
      idleMs: 10_000,
      maxAgeMs: Infinity,
      maxIdle: Infinity,
      sourceAddress: undefined,
      secureContext: undefined,
      serverName: undefined,
    },
  }
}

type Handlers = Readonly<Record<string, (property: Directive) => void>>

/** Which upstream is asked, how often, and whose reply counts. */
function askingProperties(draft: Draft): Handlers {
  const { options, health } = draft
  return {
    except: (property) => {
      requireArgs(property, 1, Infinity, 'except NAMES…')
      draft.except = [...draft.except, ...zoneArguments(property.args)]
    },
    policy: (property) => {
      options.policy = oneOf(single(property, 'policy random|round_robin|sequential'), [
        'random',
        'round_robin',
        'sequential',
      ])
    },
    max_fails: (property) => {
      health.maxFails = parseInteger(single(property, 'max_fails COUNT'), COUNT)
    },
    health_check: (property) => readHealthCheck(property, health),
    max_concurrent: (property) => {
      const count = parseInteger(single(property, 'max_concurrent COUNT'), COUNT)
      options.maxConcurrent = count === 0 ? undefined : count
    },
    max_connect_attempts: (property) => {
      const count = parseInteger(single(property, 'max_connect_attempts COUNT'), COUNT)
      options.maxConnectAttempts = count === 0 ? Infinity : count
    },
    failover: (property) => {
      options.failover = new Set([...options.failover, ...rcodes(property)])
    },
    next: (property) => {
      draft.next = new Set([...draft.next, ...rcodes(property)])
    },
    next_on_nodata: (property) => {
      requireArgs(property, 0, 0, 'next_on_nodata')
      draft.nextOnNodata = true
    },
    failfast_all_unhealthy_upstreams: (property) => {
      requireArgs(property, 0, 0, 'failfast_all_unhealthy_upstreams')
      options.failsFast = true
    },
    read_timeout: (property) => {
      options.readTimeoutMs = positiveDuration(single(property, 'read_timeout DURATION'))
    },
  }
}

/** Over what upstreams are asked. `prefer_udp` is what is done without it, too. */
function transportProperties(draft: Draft, host: PluginHost): Handlers {
  const { options, streams } = draft
  return {
    force_tcp: (property) => {
      requireArgs(property, 0, 0, 'force_tcp')
      options.forceTcp = true
    },
    prefer_udp: (property) => requireArgs(property, 0, 0, 'prefer_udp'),
    expire: (property) => {
      streams.idleMs = Math.min(parseDuration(single(property, 'expire DURATION')), MAX_TIMER_MS)
    },
    max_age: (property) => {
      const maxAgeMs = parseDuration(single(property, 'max_age DURATION'))
      streams.maxAgeMs = maxAgeMs === 0 ? Infinity : Math.min(maxAgeMs, MAX_TIMER_MS)
    },
    max_idle_conns: (property) => {
      const count = parseInteger(single(property, 'max_idle_conns COUNT'), COUNT)
      streams.maxIdle = count === 0 ? Infinity : count
    },
    source_address: (property) => {
      const argument = single(property, 'source_address ADDRESS')
      if (isIP(argument.text) === 0)
        throw forwardError(`"${argument.text}" is not an IP address`, argument, 'write one of this host')
      streams.sourceAddress = argument.text
    },
    resolver: (property) => {
      requireArgs(property, 1, Infinity, 'resolver ADDRESS…')
      draft.resolvers = property.args.map(resolverOf)
    },
    tls: (property) => {
      requireArgs(property, 0, 3, 'tls [CERT KEY] [CA]')
      const texts = property.args.map((argument) => readPem(argument, host))
      streams.secureContext = secureContextOf(property, texts)
      draft.tlsDigest = createHash('sha256').update(JSON.stringify(texts)).digest('hex')
    },
    tls_servername: (property) => {
      streams.serverName = single(property, 'tls_servername NAME').text
    },
  }
}

const COUNT = { min: 0, max: 0x7fff_ffff }
/** What a timer can wait. */
const MAX_TIMER_MS = 0x7fff_ffff

function single(property: Directive, usage: string): Argument {
  requireArgs(property, 1, 1, usage)
  const [argument] = property.args
  if (argument === undefined)
    throw forwardError(`"${property.name}" needs an argument`, property, `write ${usage}`)
  return argument
}

function readHealthCheck(property: Directive, health: Writable<HealthOptions>): void {
  const usage = 'health_check DURATION [no_rec] [domain NAME]'
  requireArgs(property, 1, 4, usage)
  const [duration, ...words] = property.args
  if (duration !== undefined) health.probeIntervalMs = Math.min(parseDuration(duration), MAX_TIMER_MS)
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (oneOf(word, ['no_rec', 'domain']) === 'no_rec') {
      health.probeRecursionDesired = false
      continue
    }
    const name = words.shift()
    if (name === undefined) throw forwardError('"domain" needs a name', word, `write ${usage}`)
    health.probeName = domainArgument(name)
  }
}

function resolverOf(argument: Argument): Upstream {
  const parsed = parseUpstreamAddress(argument.text)
  if (parsed.kind === 'upstream' && parsed.upstream.tls === undefined) return parsed.upstream
  throw forwardError(`"${argument.text}" is not an IP address`, argument, 'write 10.0.0.10 or 10.0.0.10:53')
}

const RCODES: ReadonlyMap<string, number> = new Map(Object.entries(Rcode))

function rcodes(property: Directive): readonly number[] {
  requireArgs(property, 1, Infinity, `${property.name} RCODE…`)
  return property.args.map((argument) => {
    const rcode = RCODES.get(argument.text.toUpperCase())
    if (rcode !== undefined && (rcode !== 0 || property.name === 'next')) return rcode
    throw forwardError(
      `"${argument.text}" is no RCODE that can be named here`,
      argument,
      'write SERVFAIL, for example',
    )
  })
}

function positiveDuration(argument: Argument): number {
  const durationMs = parseDuration(argument)
  if (durationMs > 0) return Math.min(durationMs, MAX_TIMER_MS)
  throw forwardError(`"${argument.text}" is no time to wait`, argument, 'write 2s, for example')
}

/** `tls`, `tls CA`, `tls CERT KEY` or `tls CERT KEY CA`: files in PEM. Without CA those that the system trusts. */
function secureContextOf(property: Directive, texts: readonly string[]): SecureContext {
  const [first, second, third] = texts
  const ca = texts.length === 1 ? first : third
  try {
    return createSecureContext({
      minVersion: 'TLSv1.2',
      ...(texts.length < 2 || first === undefined || second === undefined
        ? {}
        : { cert: first, key: second }),
      ...(ca === undefined ? {} : { ca }),
    })
  } catch (error) {
    throw tlsError(`"tls" cannot use its files: ${messageOf(error)}`, property)
  }
}

function readPem(argument: Argument, host: PluginHost): string {
  try {
    return host.readFile(argument.text)
  } catch (error) {
    throw tlsError(`"${argument.text}" cannot be read: ${messageOf(error)}`, argument)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function tlsError(message: string, { position }: Pick<Argument, 'position'>): ConfigError {
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_UPSTREAM_TLS',
    message,
    position,
    hint: 'give files in PEM: certificate and key that belong together, then the certificates to trust',
  })
}
