import { ConfigError } from '../config/config-error.ts'
import type { Argument } from '../config/corefile.ts'
import { eachProperty, requireArgs } from '../config/directive-arguments.ts'
import { ipFromText } from '../wire/ip-address.ts'
import type { Plugin, PluginHost } from './plugin.ts'

const USAGE = 'bind ADDRESS|INTERFACE… { except ADDRESS|INTERFACE… }'

/** `bind ADDRESS|INTERFACE…`: listens there only. `except` takes addresses out again. */
export const bind: Plugin = {
  name: 'bind',
  setup(directives, { host }) {
    const bindAddresses: string[] = []
    for (const directive of directives) {
      requireArgs(directive, 1, Infinity, USAGE)
      const except = new Set<string>()
      eachProperty(directive, {
        except: (property) => {
          requireArgs(property, 1, Infinity, USAGE)
          for (const argument of property.args)
            for (const address of addressesOf(argument, host)) except.add(address)
        },
      })
      const named = directive.args.flatMap((argument) => addressesOf(argument, host))
      bindAddresses.push(...named.filter((address) => !except.has(address)))
    }
    return { bindAddresses: [...new Set(bindAddresses)] }
  },
}

function addressesOf(argument: Argument, host: PluginHost): readonly string[] {
  if (ipFromText(argument.text) !== undefined) return [argument.text]
  const addresses = host.interfaceAddresses(argument.text)
  if (addresses.length > 0) return addresses
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_BIND_ADDRESS',
    message: `"${argument.text}" is neither an IP address nor a network interface of this host`,
    position: argument.position,
    hint: 'give an address such as 127.0.0.1 or ::1, or the name of an interface',
  })
}
