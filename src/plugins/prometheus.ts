import type { Directive } from '../config/corefile.ts'
import { eachProperty, requireArgs } from '../config/directive-arguments.ts'
import { composeExposition, EXPOSITION_CONTENT_TYPE } from '../metrics/exposition.ts'
import { httpAddressOf } from './http-address.ts'
import { refuseProperties } from './not-supported.ts'
import type { Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

const DEFAULT_ADDRESS = { host: 'localhost', port: 9153 }

/**
 * `prometheus [ADDRESS] { runtime_metrics }`: /metrics of the whole process, and the queries of this server block are counted.
 * docs/metrics.md lists them all.
 */
export const prometheus: Plugin = {
  name: 'prometheus',
  setup(directives, { host }) {
    const directive = singleDirective(directives, 'remove this one')
    if (directive === undefined) return {}
    // Of the Go runtime, which is not there; what Node.js has instead is always shown.
    eachProperty(directive, { runtime_metrics: noArguments, ...refuseProperties(directive, ['tls']) })
    return {
      countsQueries: true,
      httpEndpoints: [
        {
          directive: directive.name,
          address: httpAddressOf(directive, DEFAULT_ADDRESS),
          path: '/metrics',
          respond: () => ({
            status: 200,
            contentType: EXPOSITION_CONTENT_TYPE,
            body: composeExposition(host.metrics.families()),
          }),
        },
      ],
    }
  },
}

function noArguments(property: Directive): void {
  requireArgs(property, 0, 0, property.name)
}
