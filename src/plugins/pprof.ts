import type { Directive } from '../config/corefile.ts'
import { eachProperty, parseInteger, requireArgs } from '../config/directive-arguments.ts'
import type { HttpReply, HttpRequest } from '../metrics/http-endpoint.ts'
import { textReply } from '../metrics/http-endpoint.ts'
import { recordCpuProfile, takeHeapSnapshot } from '../metrics/profiler.ts'
import { httpAddressOf } from './http-address.ts'
import type { Plugin, PluginHost } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

const DEFAULT_ADDRESS = { host: 'localhost', port: 6053 }

const INDEX = `/debug/pprof/profile?seconds=30  CPU profile over 1 to 60 s (.cpuprofile: open it in the developer tools of a browser)
/debug/pprof/heap                heap snapshot (.heapsnapshot; nothing is answered while it is taken)
`

/**
 * `pprof [ADDRESS]`: what the process spends its time and memory on. Profiles are those of Node.js, not of Go. Whoever can ask
 * can slow the process down and read its memory: on this machine only, unless ADDRESS says otherwise.
 */
export const pprof: Plugin = {
  name: 'pprof',
  setup(directives, { host }) {
    const directive = singleDirective(directives, 'remove this one')
    if (directive === undefined) return {}
    eachProperty(directive, { block: (property) => ignoreBlock(property, host) })
    const address = httpAddressOf(directive, DEFAULT_ADDRESS)
    const pages = [
      ['/debug/pprof', () => textReply(200, INDEX)],
      ['/debug/pprof/', () => textReply(200, INDEX)],
      ['/debug/pprof/profile', cpuProfile],
      ['/debug/pprof/heap', heapSnapshot],
    ] as const
    return {
      httpEndpoints: pages.map(([path, respond]) => ({ directive: directive.name, address, path, respond })),
    }
  },
}

/** `block [RATE]` is about goroutines that wait. */
function ignoreBlock(property: Directive, { log }: PluginHost): void {
  requireArgs(property, 0, 1, 'block [RATE]')
  for (const rate of property.args) parseInteger(rate, { min: 1, max: 2 ** 31 - 1 })
  log.warn('plugin/pprof: "block" has no effect: nothing blocks in Node.js')
}

async function cpuProfile({ query, signal }: HttpRequest): Promise<HttpReply> {
  const seconds = Number(query.get('seconds') ?? 30)
  if (!(seconds > 0 && seconds <= 60)) return textReply(400, 'seconds must be more than 0 and at most 60')
  const profile = await recordCpuProfile(seconds * 1000, signal)
  if (profile === undefined)
    return textReply(409, 'a profile is being recorded already; ask again when it is done')
  return { status: 200, contentType: 'application/json', body: profile, fileName: 'slicedns.cpuprofile' }
}

function heapSnapshot(): HttpReply {
  const body = takeHeapSnapshot()
  return { status: 200, contentType: 'application/json', body, fileName: 'slicedns.heapsnapshot' }
}
