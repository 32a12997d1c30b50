import { noBlock, zoneArguments } from '../config/directive-arguments.ts'
import { longestZone } from './longest-zone.ts'
import { CollectedMetadata } from './metadata/collected-metadata.ts'
import type { MetadataSource, Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/**
 * `metadata [ZONES…]`: what directives of the block tell of queries for names in ZONES can be had under labels such as
 * `kubernetes/namespace`, by `log`, `view`, `rewrite edns0` and `template`. Nothing is worked out before it is asked for.
 */
export const metadata: Plugin = {
  name: 'metadata',
  setup(directives, { zones: blockZones, metadataSources }) {
    const directive = singleDirective(directives, 'remove this one')
    if (directive === undefined) return {}
    const zones = directive.args.length === 0 ? blockZones : zoneArguments(directive.args)
    noBlock(directive)
    const source: MetadataSource = (query, label) => {
      if (longestZone(zones, query.lowerName) === undefined) return undefined
      return firstDefined(metadataSources, (tell) => tell(query, label))
    }
    return {
      metadata: source,
      responder: (query, next) => next(query.withMetadata(new CollectedMetadata(query, source))),
    }
  },
}

function firstDefined<Item, Value>(
  items: readonly Item[],
  read: (item: Item) => Value | undefined,
): Value | undefined {
  for (const item of items) {
    const value = read(item)
    if (value !== undefined) return value
  }
  return undefined
}
