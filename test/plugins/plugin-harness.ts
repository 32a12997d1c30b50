import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ConfigError } from '../../src/config/config-error.ts'
import type { Directive } from '../../src/config/corefile.ts'
import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import type { BlockContext, BlockParts, Plugin, PluginHost } from '../../src/plugins/plugin.ts'
import { Readiness } from '../../src/plugins/readiness.ts'
import { composeChain } from '../../src/server/chain.ts'
import type { Reply, Responder } from '../../src/zone/responder.ts'
import { parseWith } from '../config/parse-with.ts'
import { nameOf } from '../forward/client-query.ts'
import { ROOT } from '../helpers/source-tree.ts'

/** A host in memory; `lines` is what was logged, as `level message`. */
export interface TestHost extends PluginHost {
  readonly lines: string[]
  /** Does what is to be done before the configuration is served. */
  readonly prepare: () => Promise<void>
}

export function testHost(overrides: Partial<PluginHost> = {}): TestHost {
  const lines: string[] = []
  const tasks: (() => Promise<void>)[] = []
  const write = (level: string) => (message: string) => void lines.push(`${level} ${message}`)
  return {
    lines,
    prepare: async () => {
      for (const task of tasks.splice(0)) await task()
    },
    beforeServing: (task) => void tasks.push(task),
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    metrics: new MetricsRegistry(),
    random: Math.random,
    nowMs: () => 0,
    software: 'SliceDNS-1.2.3',
    hostname: 'host-1',
    hasObjects: false,
    announceCluster: () => {},
    cluster: () => new ClusterStore({ nowSeconds: () => 0, matches: undefined }),
    caches: { get: (_key, create) => create() },
    forwarders: { get: (_key, create) => create() },
    zoneFiles: { get: (_key, create) => create() },
    hostsFiles: { get: (_key, create) => create() },
    addOwnZones: () => {},
    isInOwnZone: () => false,
    addClusterZones: () => {},
    isInClusterZone: () => false,
    onClose: () => {},
    ownAddresses: () => [],
    isOwnAddress: () => false,
    interfaceAddresses: () => [],
    lookupHost: () => Promise.reject(new Error('no such host')),
    readFile: readShipped,
    readFileLater: async (path) => (overrides.readFile ?? readShipped)(path),
    fileStamp: () => undefined,
    modifiedSeconds: () => undefined,
    every: () => {},
    ...overrides,
  }
}

/** What ships with the package is there in every host. */
function readShipped(path: string): string {
  if (path.startsWith(join(ROOT, 'zones'))) return readFileSync(path, 'utf8')
  throw new Error(`no file ${path}`)
}

/** Sets the plugin up with its directives as they stand in `text`, in a block for `example.`. */
export function setUp(
  plugin: Plugin,
  text: string,
  host: PluginHost = testHost(),
  context: Partial<BlockContext> = {},
): BlockParts {
  const directives = directivesIn(text)
  const strangers = directives.filter(({ name }) => name !== plugin.name)
  if (strangers.length > 0) throw new Error(`not of ${plugin.name}: ${strangers[0]?.name}`)
  return plugin.setup(directives, {
    zones: [nameOf('example.')],
    bindAddresses: [],
    server: 'dns://:53',
    stateKey: '',
    metadataSources: [],
    metadata: () => undefined,
    viewName: '',
    cluster: () => undefined,
    checks: [],
    readiness: new Readiness(),
    host,
    ...context,
  })
}

/** The directives of a server block whose first line is line 2 of the file `Corefile`. */
export function directivesIn(text: string): readonly Directive[] {
  return parseWith(`. {\n${text}\n}\n`).serverBlocks[0]?.directives ?? []
}

/** The ConfigError of a directive as one line: its code, then place, fault and remedy. */
export function errorOf(plugin: Plugin, text: string, host?: PluginHost): string {
  try {
    setUp(plugin, text, host)
  } catch (error) {
    if (error instanceof ConfigError) return `${error.code} ${error.message}`
    throw error
  }
  return 'no error'
}

/** The plugin's responder in front of one that gives `reply`, or passes on. */
export function chainOf(parts: BlockParts, reply?: Reply | Promise<Reply>): ReturnType<typeof composeChain> {
  const rest: readonly Responder[] = reply === undefined ? [] : [() => reply]
  return composeChain([...(parts.responder === undefined ? [] : [parts.responder]), ...rest])
}
