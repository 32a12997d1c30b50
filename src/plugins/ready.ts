import type { Directive } from '../config/corefile.ts'
import { eachProperty, oneOf, requireArgs } from '../config/directive-arguments.ts'
import { textReply } from '../metrics/http-endpoint.ts'
import { httpAddressOf } from './http-address.ts'
import type { Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

const DEFAULT_ADDRESS = { host: undefined, port: 8181 }

const MONITOR_WORDS = ['until-ready', 'continuously'] as const

/**
 * `ready [ADDRESS] { monitor until-ready|continuously }`: /ready is 503 with the names of the directives that cannot answer
 * yet, and 200 when all can. Every block that has it adds its own directives, whichever address they name.
 */
export const ready: Plugin = {
  name: 'ready',
  setup(directives, { readiness, checks }) {
    const directive = singleDirective(directives, 'remove this one')
    if (directive === undefined) return {}
    readiness.add(checks, { continuously: isContinuous(directive) })
    return {
      httpEndpoints: [
        {
          directive: directive.name,
          address: httpAddressOf(directive, DEFAULT_ADDRESS),
          path: '/ready',
          closesFirst: true,
          respond: () => {
            const names = readiness.notReady()
            return names.length === 0 ? textReply(200, 'OK') : textReply(503, names.join(','))
          },
        },
      ],
    }
  },
}

function isContinuous(directive: Directive): boolean {
  let continuous = false
  eachProperty(directive, {
    monitor: (property) => {
      requireArgs(property, 1, 1, 'monitor until-ready|continuously')
      for (const argument of property.args) continuous = oneOf(argument, MONITOR_WORDS) === 'continuously'
    },
  })
  return continuous
}
