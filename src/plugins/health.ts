import type { Directive } from '../config/corefile.ts'
import { eachProperty, parseDuration, requireArgs } from '../config/directive-arguments.ts'
import { SLIM_TIME_BOUNDS_SECONDS } from '../metrics/histogram.ts'
import type { HttpEndpoint, SelfCheckOutcome } from '../metrics/http-endpoint.ts'
import { textReply } from '../metrics/http-endpoint.ts'
import { httpAddressOf } from './http-address.ts'
import type { Plugin, PluginHost } from './plugin.ts'

const DEFAULT_ADDRESS = { host: undefined, port: 8080 }

/** A check over the loopback that takes longer says that this process does not keep up. */
const SLOW_SECONDS = 1

/**
 * `health [ADDRESS] { lameduck DURATION }`: /health says that the process runs, whatever its load and whether or not the
 * cluster can be reached: who restarts what fails here would only make an outage longer. `lameduck` is how long everything
 * goes on answering after the process was asked to stop.
 */
export const health: Plugin = {
  name: 'health',
  setup(directives, { host }) {
    const lameducks: number[] = []
    const httpEndpoints = directives.map((directive) => {
      eachProperty(directive, { lameduck: (property) => void lameducks.push(durationOf(property)) })
      return endpoint(directive, host)
    })
    return { httpEndpoints, lameduckMs: Math.max(0, ...lameducks) }
  },
}

function durationOf(property: Directive): number {
  requireArgs(property, 1, 1, 'lameduck DURATION')
  return property.args.map(parseDuration)[0] ?? 0
}

function endpoint(directive: Directive, host: PluginHost): HttpEndpoint {
  return {
    directive: directive.name,
    address: httpAddressOf(directive, DEFAULT_ADDRESS),
    path: '/health',
    respond: () => textReply(200, 'OK'),
    onSelfCheck: selfCheckRecorder(host),
  }
}

function selfCheckRecorder({ metrics, log }: PluginHost): (outcome: SelfCheckOutcome) => void {
  const durations = metrics.histogram({
    name: 'coredns_health_request_duration_seconds',
    help: 'Time that /health took, asked by this process itself once a second.',
    upperBounds: SLIM_TIME_BOUNDS_SECONDS,
  })
  const failures = metrics.counter({
    name: 'coredns_health_request_failures_total',
    help: 'How often /health, asked by this process itself, did not answer.',
  })
  return ({ durationSeconds, error }) => {
    durations.with().observe(durationSeconds)
    if (error !== undefined) {
      failures.with().value++
      log.warn(`plugin/health: asking /health myself failed: ${error}`)
    } else if (durationSeconds > SLOW_SECONDS) {
      log.warn(
        `plugin/health: asking /health myself took ${durationSeconds.toFixed(3)} s: the process does not keep up`,
      )
    }
  }
}
