import { ConfigError } from '../config/config-error.ts'
import type { Directive, Position } from '../config/corefile.ts'

/** The error for a part of a directive that CoreDNS has and SliceDNS does not. `what` begins the sentence. */
export function notSupported(what: string, position: Position, hint = 'remove it'): ConfigError {
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_PROPERTY_NOT_SUPPORTED',
    message: `${what} is not supported`,
    position,
    hint,
  })
}

/** Handlers for `eachProperty` that refuse these properties of a directive: CoreDNS knows them. */
export function refuseProperties(
  directive: Directive,
  names: readonly string[],
): Readonly<Record<string, (property: Directive) => void>> {
  const refuse = (property: Directive): never => {
    throw notSupported(`property "${property.name}" of "${directive.name}"`, property.position)
  }
  return Object.fromEntries(names.map((name) => [name, refuse]))
}
