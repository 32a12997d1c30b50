import { isIP } from 'node:net'

import { ConfigError } from '../config/config-error.ts'
import type { Argument, Directive } from '../config/corefile.ts'
import { eachProperty, requireArgs } from '../config/directive-arguments.ts'
import { ipFromText, ipToText } from '../wire/ip-address.ts'
import type { Plugin, PluginHost } from './plugin.ts'

const USAGE = 'bind ADDRESS|INTERFACE… { except ADDRESS|INTERFACE… }'

/** `bind ADDRESS|INTERFACE…`: listens there only. `except` takes addresses out again. Several `bind` add up. */
export const bind: Plugin = {
  name: 'bind',
  setup(directives, { host }) {
    const addresses = directives.flatMap((directive) => boundBy(directive, host))
    const [last] = directives.slice(-1)
    if (addresses.length === 0 && last !== undefined)
      throw bindError('"bind" leaves no address to listen on', last, 'take fewer addresses out with except')
    return { bindAddresses: withoutCovered(new Set(addresses)) }
  },
}

/** `::` takes IPv4 too, and so every other address; `0.0.0.0` takes every IPv4 address. */
function withoutCovered(addresses: ReadonlySet<string>): readonly string[] {
  if (addresses.has('::')) return ['::']
  if (!addresses.has('0.0.0.0')) return [...addresses]
  return ['0.0.0.0', ...[...addresses].filter((address) => address.includes(':'))]
}

function boundBy(directive: Directive, host: PluginHost): readonly string[] {
  requireArgs(directive, 1, Infinity, USAGE)
  const excepted = new Set<string>()
  eachProperty(directive, {
    except: (property) => {
      requireArgs(property, 1, Infinity, USAGE)
      for (const argument of property.args)
        for (const address of addressesOf(argument, host)) excepted.add(address)
    },
  })
  const named = directive.args.flatMap((argument) => addressesOf(argument, host))
  return named.filter((address) => !excepted.has(address))
}

/** Each in its one canonical form, so that the same address written twice is seen to be the same. */
function addressesOf(argument: Argument, host: PluginHost): readonly string[] {
  const addresses = host.interfaceAddresses(argument.text)
  if (addresses.length > 0) return addresses
  const address = ipFromText(argument.text)
  if (address !== undefined) return [ipToText(address)]
  // A link-local address with its zone, which is no address of the DNS (RFC 4007 section 11).
  if (isIP(argument.text) === 6) return [argument.text]
  throw bindError(
    `"${argument.text}" is neither an IP address nor a network interface of this host`,
    argument,
    'give an address such as 127.0.0.1 or ::1, or the name of an interface',
  )
}

function bindError(message: string, { position }: Pick<Argument, 'position'>, hint: string): ConfigError {
  return new ConfigError({ code: 'SLICEDNS_CONFIG_BIND_ADDRESS', message, position, hint })
}
