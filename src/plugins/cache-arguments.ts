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
import { DEFAULT_CACHE_OPTIONS, MAX_VERIFY_TIMEOUT_MS } from '../forward/cache/cache-options.ts'
import type {
  CacheLimits,
  CacheOptions,
  PrefetchOptions,
  ServeStaleOptions,
} from '../forward/cache/cache-options.ts'
import type { DomainName } from '../wire/name.ts'
import { ROOT } from '../wire/name.ts'

/** What one `cache` directive asks for. `zones` is empty for those of the block. */
export interface CacheArguments {
  readonly zones: readonly DomainName[]
  readonly options: CacheOptions
}

type Draft = { -readonly [Name in keyof CacheOptions]: CacheOptions[Name] }

const STALE_USAGE = 'serve_stale [DURATION [immediate [TTL [RECHECK]] | verify [TIMEOUT [TTL [RECHECK]]]]]'

/** TTLs have 31 bits (RFC 2181 section 8). */
const SECONDS = { min: 1, max: 0x7fff_ffff }
const CAPACITY = { min: 1, max: 10_000_000 }

/** RFC 2308 section 7.1 lets no failure be kept for longer. */
const MAX_FAILURE_MS = 300_000
/** RFC 8767 section 5 lets no failure to renew hold for longer. */
const MAX_RECHECK_MS = 300_000

/** Reads the arguments and properties of one `cache`. Throws a ConfigError. */
export function parseCacheArguments(directive: Directive): CacheArguments {
  const [first, ...rest] = directive.args
  const hasTtl = first !== undefined && /^[+-]?\d+$/.test(first.text)
  const draft: Draft = { ...DEFAULT_CACHE_OPTIONS }
  if (hasTtl) {
    const maxTtlSeconds = parseInteger(first, SECONDS)
    draft.success = capped(draft.success, maxTtlSeconds)
    draft.denial = capped(draft.denial, maxTtlSeconds)
  }
  const properties = staleProperties(draft)
  eachProperty(directive, { ...keepingProperties(draft), ...properties.handlers }, [
    ...ONCE,
    'serve_stale_policy',
  ])
  properties.finish()
  return { zones: zoneArguments(hasTtl ? rest : directive.args), options: draft }
}

const ONCE = ['success', 'denial', 'prefetch', 'serve_stale', 'servfail', 'keepttl']

type Handlers = Readonly<Record<string, (property: Directive) => void>>

function keepingProperties(draft: Draft): Handlers {
  return {
    success: (property) => {
      draft.success = limitsOf(property, draft.success)
    },
    denial: (property) => {
      draft.denial = limitsOf(property, draft.denial)
    },
    prefetch: (property) => {
      draft.prefetch = prefetchOf(property)
    },
    servfail: (property) => {
      requireArgs(property, 1, 1, 'servfail DURATION')
      for (const duration of property.args)
        draft.failureTtlSeconds = Math.floor(atMost(duration, MAX_FAILURE_MS, '5m') / 1000)
    },
    disable: (property) => {
      requireArgs(property, 1, Infinity, 'disable success|denial [ZONES…]')
      const [which, ...zones] = property.args
      if (which === undefined) return
      const kind = oneOf(which, ['success', 'denial'])
      draft[kind] = {
        ...draft[kind],
        exceptZones: zones.length === 0 ? [ROOT] : zones.map(domainArgument),
      }
    },
    keepttl: (property) => {
      requireArgs(property, 0, 0, 'keepttl')
      draft.keepTtl = true
    },
  }
}

/** `serve_stale_policy` may stand before `serve_stale`, so both are put together at the end. */
function staleProperties(draft: Draft): { handlers: Handlers; finish: () => void } {
  let policy: Directive | undefined
  return {
    handlers: {
      serve_stale: (property) => {
        draft.serveStale = serveStaleOf(property)
      },
      serve_stale_policy: (property) => {
        requireArgs(property, 1, 1, 'serve_stale_policy prefer_positive')
        for (const word of property.args) oneOf(word, ['prefer_positive'])
        policy = property
      },
    },
    finish: () => {
      if (policy === undefined) return
      if (draft.serveStale === undefined)
        throw valueError(
          '"serve_stale_policy" decides about serve_stale, which is not there',
          policy,
          'add serve_stale',
        )
      draft.serveStale = { ...draft.serveStale, preferPositive: true }
    },
  }
}

function limitsOf(property: Directive, before: CacheLimits): CacheLimits {
  requireArgs(property, 1, 3, `${property.name} CAPACITY [TTL [MINTTL]]`)
  const [capacity, ttl, minTtl] = property.args
  const { exceptZones } = before
  return {
    exceptZones,
    maxEntries: capacity === undefined ? before.maxEntries : parseInteger(capacity, CAPACITY),
    maxTtlSeconds: ttl === undefined ? before.maxTtlSeconds : parseInteger(ttl, SECONDS),
    minTtlSeconds: minTtl === undefined ? before.minTtlSeconds : parseInteger(minTtl, { ...SECONDS, min: 0 }),
  }
}

function prefetchOf(property: Directive): PrefetchOptions | undefined {
  requireArgs(property, 1, 3, 'prefetch AMOUNT [DURATION [PERCENTAGE%]]')
  const [amount, duration, percentage] = property.args
  const minHits = amount === undefined ? 0 : parseInteger(amount, { min: 0, max: 0x7fff_ffff })
  const maxGapMs = duration === undefined ? 60_000 : parseDuration(duration)
  const remainingPercent = percentage === undefined ? 10 : percentOf(percentage)
  return minHits === 0 ? undefined : { minHits, maxGapMs, remainingPercent }
}

function percentOf(argument: Argument): number {
  const percent = /^(\d{2})%$/.exec(argument.text)?.[1]
  const value = Number(percent)
  if (value >= 10 && value <= 90) return value
  throw valueError(`"${argument.text}" is not a percentage from 10% to 90%`, argument, 'write 10%')
}

function serveStaleOf(property: Directive): ServeStaleOptions {
  requireArgs(property, 0, 5, STALE_USAGE)
  const [duration, mode, ...rest] = property.args
  const isVerify = mode !== undefined && oneOf(mode, ['immediate', 'verify']) === 'verify'
  const timeout = isVerify ? rest.shift() : undefined
  const [ttl, recheck, surplus] = rest
  if (surplus !== undefined)
    throw valueError(`"${surplus.text}" is one argument too many`, surplus, `write ${STALE_USAGE}`)
  const timeoutMs = timeout === undefined ? 0 : parseDuration(timeout)
  return {
    maxStaleSeconds: duration === undefined ? 3_600 : Math.floor(parseDuration(duration) / 1000),
    mode: isVerify ? 'verify' : 'immediate',
    verifyTimeoutMs: timeoutMs === 0 ? MAX_VERIFY_TIMEOUT_MS : Math.min(timeoutMs, MAX_VERIFY_TIMEOUT_MS),
    ttlSeconds: ttl === undefined ? 0 : wholeSeconds(ttl),
    recheckMs: recheck === undefined ? 0 : atMost(recheck, MAX_RECHECK_MS, '5m'),
    preferPositive: false,
  }
}

function wholeSeconds(argument: Argument): number {
  const seconds = parseDuration(argument) / 1000
  if (Number.isInteger(seconds) && seconds <= SECONDS.max) return seconds
  throw valueError(`"${argument.text}" is no TTL of whole seconds`, argument, 'write 30s')
}

function atMost(argument: Argument, maxMs: number, maxText: string): number {
  const durationMs = parseDuration(argument)
  if (durationMs <= maxMs) return durationMs
  throw valueError(`"${argument.text}" is longer than ${maxText}`, argument, `write ${maxText} or less`)
}

function capped(limits: CacheLimits, maxTtlSeconds: number): CacheLimits {
  return { ...limits, maxTtlSeconds }
}

function valueError(message: string, { position }: Pick<Argument, 'position'>, hint: string): ConfigError {
  return new ConfigError({ code: 'SLICEDNS_CONFIG_VALUE', message, position, hint })
}
