import { fileURLToPath } from 'node:url'

import type { Directive } from '../config/corefile.ts'
import { eachProperty, oneOf, requireArgs } from '../config/directive-arguments.ts'
import { answerLocalName, isLocalhostInside } from './local-names.ts'
import { localZones } from './local-zones.ts'
import type { Plugin } from './plugin.ts'

/** Ships with the package, beside its sources and beside what is built from them. */
const ZONES = new URL('../../zones/local/', import.meta.url)

/**
 * `local { localhost_prefix on|off }`: answers `localhost.` and the reverse names of this host, which are nobody else's
 * to know, and the locally served zones where a name would otherwise be forwarded. Of several `localhost_prefix` the last
 * counts.
 */
export const local: Plugin = {
  name: 'local',
  setup(directives, { host }) {
    const hasPrefix = directives.flatMap(prefixesOf).at(-1) ?? true
    const requests = host.metrics
      .counter({
        name: 'coredns_local_localhost_requests_total',
        help: 'Queries for names below localhost, or that begin with it.',
      })
      .with()
    return {
      responder: (query, next) => {
        const reply = answerLocalName(query.question, query.lowerName, hasPrefix)
        if (reply === undefined) return next(query)
        if (isLocalhostInside(query.lowerName, hasPrefix)) requests.value++
        return reply
      },
      beforeForward: localZones((name) => host.readFile(fileURLToPath(new URL(name, ZONES)))),
    }
  },
}

function prefixesOf(directive: Directive): readonly boolean[] {
  const prefixes: boolean[] = []
  requireArgs(directive, 0, 0, 'local { localhost_prefix on|off }')
  eachProperty(directive, {
    localhost_prefix: (property) => {
      requireArgs(property, 1, 1, 'localhost_prefix on|off')
      prefixes.push(...property.args.map((argument) => oneOf(argument, ['on', 'off']) === 'on'))
    },
  })
  return prefixes
}
