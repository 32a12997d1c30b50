import type { DomainName } from '../wire/name.ts'
import { lowerCase, nameFromText } from '../wire/name.ts'
import { ConfigError, quoted } from './config-error.ts'
import type { Argument, Directive, Position } from './corefile.ts'
import { didYouMean } from './nearest-word.ts'
import { zonesFromText } from './zone-text.ts'

/** Throws a ConfigError unless the directive has `min` to `max` arguments. `usage` is its form, as `bufsize [SIZE]`. */
export function requireArgs(directive: Directive, min: number, max: number, usage: string): void {
  const { name, position, args } = directive
  if (args.length < min) {
    const missing = min === 1 ? 'an argument' : `${min === max ? '' : 'at least '}${min} arguments`
    throw argumentError(`${quoted(name)} needs ${missing}`, position, `write ${usage}`)
  }
  const surplus = args[max]
  if (surplus === undefined) return
  const most = max === 0 ? 'no argument' : `at most ${max} argument${max === 1 ? '' : 's'}`
  throw argumentError(
    `${quoted(name)} takes ${most}, not also ${quoted(surplus.text)}`,
    surplus.position,
    `write ${usage}`,
  )
}

/** Throws a ConfigError where the directive has properties in braces. */
export function noBlock(directive: Directive): void {
  const [first] = directive.block
  if (first === undefined) return
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_BLOCK',
    message: `${quoted(directive.name)} takes no properties in braces`,
    position: first.position,
    hint: 'remove the braces and what is in them',
  })
}

/** Throws a ConfigError where the directive has no properties in braces. */
export function requireBlock({ name, position, block }: Directive, usage: string): void {
  if (block.length > 0) return
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_EMPTY_BLOCK',
    message: `${quoted(name)} needs a property in braces`,
    position,
    hint: `write ${usage}, or remove it`,
  })
}

/**
 * Calls for each line in the directive's braces the handler of that name. Throws a ConfigError at a property that has no
 * handler, that has braces of its own, or that stands twice though it is listed in `once`.
 */
export function eachProperty(
  directive: Directive,
  handlers: Readonly<Record<string, (property: Directive) => void>>,
  once: readonly string[] = [],
): void {
  const seen = new Set<string>()
  for (const property of directive.block) {
    const handler = Object.hasOwn(handlers, property.name) ? handlers[property.name] : undefined
    if (handler === undefined) throw unknownProperty(directive, property, Object.keys(handlers))
    noBlock(property)
    if (once.includes(property.name) && seen.has(property.name)) {
      throw new ConfigError({
        code: 'SLICEDNS_CONFIG_DUPLICATE_PROPERTY',
        message: `property ${quoted(property.name)} of ${quoted(directive.name)} stands twice`,
        position: property.position,
        hint: 'keep one of them',
      })
    }
    seen.add(property.name)
    handler(property)
  }
}

/** A whole number from `min` to `max`. Throws a ConfigError. */
export function parseInteger(argument: Argument, { min, max }: { min: number; max: number }): number {
  const value = /^[+-]?\d{1,15}$/.test(argument.text) ? Number(argument.text) : undefined
  if (value !== undefined && value >= min && value <= max) return value
  throw valueError(argument, `is not a whole number from ${min} to ${max}`)
}

/**
 * A duration as Go writes it (`5s`, `1m30s`, `500ms`, `0`), in milliseconds. A fraction is kept. Throws a ConfigError,
 * for a negative one too.
 */
export function parseDuration(argument: Argument): number {
  const { text } = argument
  if (/^\+?0$/.test(text)) return 0
  if (text.length > MAX_DURATION_LENGTH || !DURATION.test(text)) {
    throw valueError(argument, 'is not a duration', 'write a number and a unit, such as 500ms, 5s or 1m30s')
  }
  let durationMs = 0
  for (const [, amount, unit = ''] of text.matchAll(DURATION_PART))
    durationMs += Number(amount) * (UNIT_MS[unit] ?? NaN)
  if (durationMs <= MAX_DURATION_MS) return durationMs
  throw valueError(argument, 'is too long a duration', 'the longest is 2562047h')
}

/** One of some words. Throws a ConfigError that suggests the nearest. */
export function oneOf<Word extends string>(argument: Argument, words: readonly Word[]): Word {
  const found = words.find((word) => word === argument.text)
  if (found !== undefined) return found
  const choice = words.map((word) => quoted(word)).join(', ')
  throw valueError(
    argument,
    `is not ${words.length === 1 ? '' : 'one of '}${choice}`,
    didYouMean(argument.text, words),
  )
}

/** A domain name, with or without its last dot, in lower case. Throws a ConfigError. */
export function domainArgument(argument: Argument): DomainName {
  const name = nameFromText(argument.text)
  if (name !== undefined) return lowerCase(name)
  throw valueError(argument, 'is not a domain name', 'labels hold 1 to 63 octets, a name 255')
}

/** Zones in lower case, each given as a domain name or as a CIDR that stands for its reverse zones. Throws a ConfigError. */
export function zoneArguments(args: readonly Argument[]): readonly DomainName[] {
  return args.flatMap((argument) => {
    const zones = zonesFromText(argument.text)
    if (zones !== undefined) return zones
    throw valueError(argument, 'is not a zone', 'write a domain name, or a CIDR such as 10.0.0.0/8')
  })
}

/** What time.ParseDuration reads, without the minus. */
const DURATION = /^\+?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/
const DURATION_PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g
const MAX_DURATION_LENGTH = 60
/** Go counts nanoseconds in 63 bits. */
const MAX_DURATION_MS = (2 ** 63 - 1) / 1e6

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3, // U+00B5
  μs: 1e-3, // U+03BC
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}

function unknownProperty(directive: Directive, property: Directive, known: readonly string[]): ConfigError {
  const list = known.length === 0 ? 'it takes none' : `known are ${known.join(', ')}`
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY',
    message: `unknown property ${quoted(property.name)} of ${quoted(directive.name)}`,
    position: property.position,
    hint: didYouMean(property.name, known) ?? list,
  })
}

function argumentError(message: string, position: Position, hint: string): ConfigError {
  return new ConfigError({ code: 'SLICEDNS_CONFIG_ARGUMENT', message, position, hint })
}

function valueError({ text, position }: Argument, fault: string, hint?: string): ConfigError {
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `${quoted(text)} ${fault}`,
    position,
    hint,
  })
}
