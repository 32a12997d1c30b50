import type { Argument, Directive } from '../config/corefile.ts'
import { ConfigError, quoted } from '../config/config-error.ts'
import { eachProperty, parseInteger, requireArgs, zoneArguments } from '../config/directive-arguments.ts'
import { createExternalNames } from '../kubernetes/external/external-names.ts'
import type { ExternalNames } from '../kubernetes/external/external-names.ts'
import type { ExternalOptions } from '../kubernetes/external/external-options.ts'
import { labelsOf, lowerCase, nameFromText } from '../wire/name.ts'
import { failureReply } from '../zone/failure-reply.ts'
import { replyFromAnswer } from './cluster-reply.ts'
import type { FallsThrough } from './fallthrough.ts'
import { NEVER_FALLS_THROUGH, parseFallthrough } from './fallthrough.ts'
import type { BlockContext, Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/**
 * `k8s_external [ZONES…] { … }`: names for what is reached from outside of the cluster: the external addresses of the
 * Services of the block's `kubernetes`, and headless Services.
 */
export const k8sExternal: Plugin = {
  name: 'k8s_external',
  setup(directives, block) {
    const directive = singleDirective(directives, 'list all its zones behind the first one')
    if (directive === undefined) return {}
    const { options, fallsThrough } = parseOptions(directive, block)
    block.host.addClusterZones(options.zones)
    const names = namesOnDemand(options, block)
    return {
      responder: (query, next) => {
        const external = names()
        if (external === undefined)
          return failureReply('k8s_external needs kubernetes in the same server block')
        const answer = external.answer(query.question, query.lowerName)
        if (answer === undefined) return next(query)
        if (answer.kind === 'nxdomain' && fallsThrough(query.lowerName)) return next(query)
        return replyFromAnswer(answer, query)
      },
    }
  },
}

/** `kubernetes` is set up later. */
function namesOnDemand(options: ExternalOptions, block: BlockContext): () => ExternalNames | undefined {
  let names: ExternalNames | undefined
  return () => {
    const cluster = names === undefined ? block.cluster() : undefined
    if (cluster !== undefined) names = createExternalNames(options, cluster.naming, cluster.store)
    return names
  }
}

function parseOptions(
  directive: Directive,
  { zones }: BlockContext,
): { readonly options: ExternalOptions; readonly fallsThrough: FallsThrough } {
  let apex = 'dns'
  let ttlSeconds = 5
  let headless = false
  let fallsThrough = NEVER_FALLS_THROUGH
  eachProperty(directive, {
    apex: (property) => {
      requireArgs(property, 1, 1, 'apex LABEL')
      for (const argument of property.args) apex = labelArgument(argument)
    },
    ttl: (property) => {
      requireArgs(property, 1, 1, 'ttl SECONDS')
      for (const argument of property.args) ttlSeconds = parseInteger(argument, { min: 0, max: 3600 })
    },
    headless: (property) => {
      requireArgs(property, 0, 0, 'headless')
      headless = true
    },
    fallthrough: (property) => {
      fallsThrough = parseFallthrough(property)
    },
  })
  const named = directive.args.length === 0 ? zones : zoneArguments(directive.args)
  return { options: { zones: [...new Set(named)], apex, ttlSeconds, headless }, fallsThrough }
}

function labelArgument({ text, position }: Argument): string {
  const name = nameFromText(text)
  const [label, ...others] = name === undefined ? [] : labelsOf(lowerCase(name))
  if (label !== undefined && others.length === 0) return label
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `${quoted(text)} is not one label`,
    position,
    hint: 'write one such as dns',
  })
}
