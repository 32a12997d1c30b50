import { createReplyCache } from '../forward/cache/reply-cache.ts'
import { isSubdomain } from '../wire/name.ts'
import type { Responder } from '../zone/responder.ts'
import { parseCacheArguments } from './cache-arguments.ts'
import { registerCacheMetrics } from './cache-metrics.ts'
import type { Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/**
 * `cache [TTL] [ZONES…] { … }`: keeps the answers of all that stands behind it. A `kubernetes` directive is always asked
 * itself, so that a change shows at once: names in its zones pass, and what it hands on to `forward` is kept there.
 */
export const cache: Plugin = {
  name: 'cache',
  setup(directives, block) {
    const directive = singleDirective(directives, 'list all its zones behind the first one')
    if (directive === undefined) return {}
    const { host } = block
    const { zones: named, options } = parseCacheArguments(directive)
    const zones = named.length === 0 ? block.zones : named
    const { respond, counts } = host.caches.get(block.stateKey, () => createReplyCache(options, host.nowMs))
    const labels = { server: block.server, zones: zones.join(','), view: block.viewName }
    host.onClose(registerCacheMetrics(host.metrics, labels, counts))
    const respondWhere =
      (inClusterZone: boolean): Responder =>
      (query, next) => {
        const { lowerName } = query
        if (host.isInClusterZone(lowerName) !== inClusterZone) return next(query)
        return zones.some((zone) => isSubdomain(lowerName, zone)) ? respond(query, next) : next(query)
      }
    return { responder: respondWhere(false), beforeForward: respondWhere(true) }
  },
}
