import { ConfigError } from '../config/config-error.ts'
import type { Directive } from '../config/corefile.ts'
import { CredentialsError } from '../kubernetes/api/credentials/credentials.ts'
import type { ClusterStore } from '../kubernetes/cluster-store.ts'
import { createNamingRules } from '../kubernetes/naming-rules.ts'
import { NOT_SYNCED } from '../kubernetes/source.ts'
import type { Responder } from '../zone/responder.ts'
import { replyFromAnswer } from './cluster-reply.ts'
import { createKubernetesMetadata } from './kubernetes-metadata.ts'
import type { KubernetesOptions } from './kubernetes-options.ts'
import { parseKubernetesOptions } from './kubernetes-options.ts'
import type { BlockContext, ClusterIdentity, Log, Plugin, PluginHost } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/** `kubernetes [ZONES…] { … }`: answers the names of a cluster's Services, Endpoints and Pods (kubernetes-options.ts). */
export const kubernetes: Plugin = {
  name: 'kubernetes',
  announce(directives, { zones, host }) {
    const block = { zones, bindAddresses: [], host: { ...host, log: SILENT } }
    for (const directive of directives) host.announceCluster(parseKubernetesOptions(directive, block).cluster)
  },
  setup(directives, block) {
    const directive = singleDirective(directives, 'list all its zones behind the first one')
    if (directive === undefined) return {}
    const options = parseKubernetesOptions(directive, block)
    const store = openCluster(options.cluster, directive, block.host)
    const cluster = { naming: options.naming, store }
    return {
      responder: createResponder(options, block),
      explain: options.naming.explain,
      cluster,
      metadataSource: createKubernetesMetadata(cluster),
      isReady: () => store.hasSynced && !(options.naming.pods === 'verified' && awaitsPods(store)),
    }
  },
}

const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** Pods that may not be read are not waited for. */
function awaitsPods(store: ClusterStore): boolean {
  return store.whyUnavailable('Pod') === NOT_SYNCED
}

/** Throws a ConfigError where a live cluster is asked for and nothing says which. */
function openCluster(cluster: ClusterIdentity, { position }: Directive, host: PluginHost): ClusterStore {
  try {
    return host.cluster(cluster)
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error
    const { message } = error
    throw new ConfigError({ code: 'SLICEDNS_CONFIG_KUBERNETES_SERVER', message, position })
  }
}

function createResponder({ naming, cluster }: KubernetesOptions, { host }: BlockContext): Responder {
  const rules = createNamingRules(naming, host.cluster(cluster))
  host.addClusterZones(naming.zones)
  return (query, next) => {
    const answer = rules.answer(query.question, query.lowerName)
    if (answer === undefined) return next(query)
    if (answer.kind === 'nxdomain' && naming.fallsThrough(query.lowerName)) return next(query)
    return replyFromAnswer(answer, query)
  }
}
