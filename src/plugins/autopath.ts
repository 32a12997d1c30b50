import { ConfigError, quoted } from '../config/config-error.ts'
import type { Argument, Directive } from '../config/corefile.ts'
import { noBlock, requireArgs, zoneArguments } from '../config/directive-arguments.ts'
import type { DomainName } from '../wire/name.ts'
import { ROOT } from '../wire/name.ts'
import type { Query } from '../zone/responder.ts'
import type { SearchPath } from './autopath/search-path.ts'
import { searchPathOfFile, searchPathOfPod } from './autopath/search-path.ts'
import { walkSearchPath } from './autopath/walk.ts'
import { longestZone } from './longest-zone.ts'
import type { BlockContext, Plugin, PluginHost } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

const USAGE = 'autopath [ZONES…] RESOLV_CONF|@kubernetes'

/** What Pods have behind the names of the cluster: the search list of the node, which is that of this host. */
const HOST_RESOLV_CONF = '/etc/resolv.conf'

/** `autopath [ZONES…] RESOLV_CONF|@kubernetes`: goes through the search path of clients for them, at their first question. */
export const autopath: Plugin = {
  name: 'autopath',
  setup(directives, block) {
    const directive = singleDirective(directives, 'remove this one')
    if (directive === undefined) return {}
    const { zones, searchPath } = parseAutopath(directive, block)
    const found = block.host.metrics
      .counter({
        name: 'coredns_autopath_success_total',
        help: 'Queries for which a name was found along the search path.',
        labels: ['server'],
      })
      .with(block.server)
    return {
      responder: (query, next) => {
        const isMeant = longestZone(zones, query.lowerName) !== undefined
        const path = isMeant ? searchPath(query) : undefined
        if (path === undefined) return next(query)
        return walkSearchPath(query, { path, onFound: () => void found.value++ }, next)
      },
    }
  },
}

function parseAutopath(
  directive: Directive,
  block: BlockContext,
): {
  readonly zones: readonly DomainName[]
  readonly searchPath: (query: Query) => SearchPath | undefined
} {
  requireArgs(directive, 1, Infinity, USAGE)
  noBlock(directive)
  const source = directive.args.at(-1) ?? { text: '', position: directive.position }
  const named = directive.args.slice(0, -1)
  const zones = named.length === 0 ? block.zones : zoneArguments(named)
  if (!source.text.startsWith('@')) {
    const path = searchPathOfFile(readSource(source, block.host))
    return { zones, searchPath: () => path }
  }
  if (source.text !== '@kubernetes') throw sourceError(source, 'knows no search path')
  const behind = hostSearchPath(block.host)
  return {
    zones,
    searchPath: ({ lowerName, client }) => {
      const cluster = block.cluster()
      return cluster && searchPathOfPod(cluster, lowerName, { address: client.address, behind })
    },
  }
}

function hostSearchPath(host: PluginHost): SearchPath {
  try {
    return searchPathOfFile(host.readFile(HOST_RESOLV_CONF))
  } catch {
    return [ROOT]
  }
}

function readSource(source: Argument, host: PluginHost): string {
  try {
    return host.readFile(source.text)
  } catch {
    throw sourceError(source, 'cannot be read')
  }
}

function sourceError({ text, position }: Argument, fault: string): ConfigError {
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `${quoted(text)} ${fault}`,
    position,
    hint: `write ${USAGE}`,
  })
}
