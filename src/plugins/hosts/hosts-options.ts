import { isAbsolute, join } from 'node:path'

import { ConfigError } from '../../config/config-error.ts'
import type { Argument, Directive } from '../../config/corefile.ts'
import {
  eachProperty,
  parseDuration,
  parseInteger,
  requireArgs,
  zoneArguments,
} from '../../config/directive-arguments.ts'
import type { DomainName } from '../../wire/name.ts'
import type { FallsThrough } from '../fallthrough.ts'
import { NEVER_FALLS_THROUGH, parseFallthrough } from '../fallthrough.ts'
import type { BlockContext } from '../plugin.ts'
import { addressOf } from './hosts-table.ts'

/** What one `hosts` directive asks for. */
export interface HostsOptions {
  readonly path: string
  readonly zones: readonly DomainName[]
  /** Lines in the braces, in the form of the file. */
  readonly inline: readonly string[]
  readonly ttlSeconds: number
  readonly hasReverse: boolean
  /** 0 for never. */
  readonly reloadMs: number
  /** Of names that are not known. */
  readonly fallsThrough: FallsThrough
  /** Of known names, where another type than A, AAAA or PTR is asked. */
  readonly unsupportedFallsThrough: FallsThrough
}

type Draft = { -readonly [Name in keyof HostsOptions]: HostsOptions[Name] }

/** Reads arguments, properties and lines of one `hosts`. Throws a ConfigError. */
export function parseHostsOptions(directive: Directive, block: BlockContext): HostsOptions {
  const [path, ...zones] = directive.args
  const options: Draft = {
    path: below(block.root, path?.text ?? '/etc/hosts'),
    zones: zones.length === 0 ? block.zones : zoneArguments(zones),
    inline: directive.block.filter(isLine).map(({ name, args }) => [name, ...args.map(textOf)].join(' ')),
    ttlSeconds: 3600,
    hasReverse: true,
    reloadMs: 5_000,
    fallsThrough: NEVER_FALLS_THROUGH,
    unsupportedFallsThrough: NEVER_FALLS_THROUGH,
  }
  let unsupported: Directive | undefined
  const properties = directive.block.filter((property) => !isLine(property))
  eachProperty(
    { ...directive, block: properties },
    {
      ttl: (property) => {
        options.ttlSeconds = parseInteger(only(property, 'ttl SECONDS'), { min: 1, max: 65_535 })
      },
      no_reverse: (property) => {
        requireArgs(property, 0, 0, 'no_reverse')
        options.hasReverse = false
      },
      reload: (property) => {
        options.reloadMs = parseDuration(only(property, 'reload DURATION'))
      },
      fallthrough: (property) => {
        options.fallsThrough = parseFallthrough(property)
      },
      fallthrough_unsupported: (property) => {
        requireArgs(property, 0, 0, 'fallthrough_unsupported')
        unsupported = property
      },
    },
    ['ttl', 'reload', 'fallthrough'],
  )
  if (unsupported !== undefined) options.unsupportedFallsThrough = fallsThroughToo(options, unsupported)
  return options
}

function below(root: string | undefined, path: string): string {
  return root === undefined || isAbsolute(path) ? path : join(root, path)
}

/** A line of the file begins with an address; everything else is a property, or a mistake worth a word. */
function isLine({ name }: Directive): boolean {
  return addressOf(name) !== undefined
}

function fallsThroughToo({ fallsThrough }: HostsOptions, { position }: Directive): FallsThrough {
  if (fallsThrough !== NEVER_FALLS_THROUGH) return fallsThrough
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_PROPERTY_CONFLICT',
    message: '"fallthrough_unsupported" needs "fallthrough"',
    position,
    hint: 'add a line fallthrough, or remove this one',
  })
}

function only(property: Directive, usage: string): Argument {
  requireArgs(property, 1, 1, usage)
  return property.args[0] ?? { text: '', position: property.position }
}

function textOf({ text }: Argument): string {
  return text
}
