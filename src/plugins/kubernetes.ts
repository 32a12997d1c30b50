import { createNamingRules } from '../kubernetes/naming-rules.ts'
import type { Responder } from '../zone/responder.ts'
import { replyFromAnswer } from './cluster-reply.ts'
import { createKubernetesMetadata } from './kubernetes-metadata.ts'
import type { KubernetesOptions } from './kubernetes-options.ts'
import { parseKubernetesOptions } from './kubernetes-options.ts'
import type { BlockContext, Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/** `kubernetes [ZONES…] { … }`: answers the names of a cluster's Services, Endpoints and Pods (kubernetes-options.ts). */
export const kubernetes: Plugin = {
  name: 'kubernetes',
  setup(directives, block) {
    const directive = singleDirective(directives, 'list all its zones behind the first one')
    if (directive === undefined) return {}
    const options = parseKubernetesOptions(directive, block)
    const store = block.host.cluster(options.cluster)
    const cluster = { naming: options.naming, store }
    return {
      responder: createResponder(options, block),
      explain: options.naming.explain,
      cluster,
      metadataSource: createKubernetesMetadata(cluster),
      isReady: () => store.hasSynced,
    }
  },
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
