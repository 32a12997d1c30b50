import { ConfigError } from '../config/config-error.ts'
import type { Argument, Directive, Position } from '../config/corefile.ts'
import {
  eachProperty,
  oneOf,
  parseInteger,
  requireArgs,
  zoneArguments,
} from '../config/directive-arguments.ts'
import type { NamingOptions } from '../kubernetes/naming/naming-options.ts'
import type { LabelSelector } from '../kubernetes/selector.ts'
import { parseSelector } from '../kubernetes/selector.ts'
import type { DomainName } from '../wire/name.ts'
import { asDomainName, isSubdomain, ROOT } from '../wire/name.ts'
import {
  apiClusterOf,
  apiProperties,
  createApiDraft,
  namesApi,
  ONCE_OF_API,
} from './kubernetes-api-options.ts'
import { refuseProperties } from './not-supported.ts'
import type { BlockContext, ClusterIdentity, PluginHost } from './plugin.ts'

/** What one `kubernetes` directive asks for. */
export interface KubernetesOptions {
  readonly naming: NamingOptions
  readonly cluster: ClusterIdentity
}

/** A property that CoreDNS has. */
const NOT_SUPPORTED = ['multicluster']

const REVERSE_ROOTS = [asDomainName('in-addr.arpa.'), asDomainName('ip6.arpa.')]

type Draft = { -readonly [Name in keyof NamingOptions]: NamingOptions[Name] }

/** Reads the zones and properties of one `kubernetes`. Throws a ConfigError. */
export function parseKubernetesOptions(
  directive: Directive,
  block: Pick<BlockContext, 'zones' | 'bindAddresses' | 'host'>,
): KubernetesOptions {
  const zones = directive.args.length === 0 ? block.zones : zoneArguments(directive.args)
  const naming: Draft = {
    ...DEFAULTS,
    ...namingZones(zones, directive),
    ownAddresses: () => ownAddresses(block),
  }
  const chosen: Chosen = { folders: [], selectorText: '', selector: undefined }
  const api = createApiDraft()
  eachProperty(
    directive,
    {
      ...namingProperties(naming),
      ...chosenProperties(chosen),
      ...apiProperties(api, block.host),
      ...refuseProperties(directive, NOT_SUPPORTED),
    },
    ['ttl', 'pods', 'labels', 'namespace_labels', 'ptr', 'explain', ...ONCE_OF_API],
  )
  for (const [one, other, why] of CONFLICTS) refuseBoth(directive, [one, other], why)
  warnOfIdleTls(directive, block.host)
  const isLive = namesApi(api) || (chosen.folders.length === 0 && !block.host.hasObjects)
  if (!isLive) return { naming, cluster: { ...chosen, api: undefined } }
  // The API server does the selecting: what it tells of is selected.
  const { namespaceLabels } = naming
  if (namespaceLabels !== undefined) naming.namespaceLabels = { ...namespaceLabels, matches: () => true }
  const { guardPosition } = api
  return {
    naming,
    cluster: { ...chosen, selector: undefined, api: apiClusterOf(api, naming), guardPosition },
  }
}

type Chosen = { -readonly [Name in 'folders' | 'selectorText' | 'selector']: ClusterIdentity[Name] } & {
  folderPositions?: readonly Position[]
}

/** Properties that cannot stand together, and what to do. */
const CONFLICTS = [
  ['namespaces', 'namespace_labels', 'choose namespaces by name or by label'],
  ['zonal', 'noendpoints', 'names by topology zone are made of endpoints'],
  ['endpoint', 'kubeconfig', 'each names an API server'],
  ['manifests', 'endpoint', 'objects come from folders or from an API server'],
  ['manifests', 'kubeconfig', 'objects come from folders or from an API server'],
  ['manifests', 'tls', 'folders need no certificates'],
  ['kubeconfig', 'tls', 'a kubeconfig names its own certificates'],
] as const

function chosenProperties(chosen: Chosen): Record<string, (property: Directive) => void> {
  return {
    manifests: (property) => {
      requireArgs(property, 1, Infinity, 'manifests FOLDER…')
      chosen.folders = [...chosen.folders, ...property.args.map(({ text }) => text)]
      const positions = property.args.map(({ position }) => position)
      chosen.folderPositions = [...(chosen.folderPositions ?? []), ...positions]
    },
    labels: (property) => {
      requireArgs(property, 1, Infinity, 'labels EXPRESSION')
      chosen.selectorText = textOf(property)
      chosen.selector = selectorFrom(chosen.selectorText, property)
    },
  }
}

/** As with CoreDNS, which is silent about it. */
function warnOfIdleTls({ block }: Directive, { log }: PluginHost): void {
  const has = (name: string) => block.some((property) => property.name === name)
  if (has('tls') && !has('endpoint')) log.warn('"tls" of "kubernetes" has no effect without "endpoint"')
}

const DEFAULTS = {
  ttlSeconds: 5,
  pods: 'disabled',
  namespaces: undefined,
  endpoints: true,
  ignoreEmptyService: false,
  endpointPodNames: false,
  zonal: false,
  ptr: 'all',
  explain: 'full',
  fallsThrough: () => false,
} as const

function namingProperties(naming: Draft): Record<string, (property: Directive) => void> {
  return {
    namespaces: (property) => {
      requireArgs(property, 1, Infinity, 'namespaces NAMESPACE…')
      naming.namespaces = new Set([
        ...(naming.namespaces ?? []),
        ...property.args.map((argument) => argument.text),
      ])
    },
    pods: (property) => {
      naming.pods = oneOf(onlyArgument(property, 'pods disabled|insecure|verified'), [
        'disabled',
        'insecure',
        'verified',
      ])
    },
    ttl: (property) => {
      naming.ttlSeconds = parseInteger(onlyArgument(property, 'ttl SECONDS'), { min: 0, max: 3600 })
    },
    noendpoints: (property) => {
      requireArgs(property, 0, 0, 'noendpoints')
      naming.endpoints = false
    },
    ignore: (property) => {
      oneOf(onlyArgument(property, 'ignore empty_service'), ['empty_service'])
      naming.ignoreEmptyService = true
    },
    namespace_labels: (property) => {
      requireArgs(property, 1, Infinity, 'namespace_labels EXPRESSION')
      const text = textOf(property)
      naming.namespaceLabels = { text, matches: selectorFrom(text, property) }
    },
    zonal: (property) => {
      requireArgs(property, 0, 0, 'zonal')
      naming.zonal = true
    },
    endpoint_pod_names: (property) => {
      requireArgs(property, 0, 0, 'endpoint_pod_names')
      naming.endpointPodNames = true
    },
    fallthrough: (property) => {
      const through = property.args.length === 0 ? [ROOT] : zoneArguments(property.args)
      naming.fallsThrough = (lowerName) => through.some((zone) => isSubdomain(lowerName, zone))
    },
    ptr: (property) => {
      naming.ptr = oneOf(onlyArgument(property, 'ptr all|hostname|first'), ['all', 'hostname', 'first'])
    },
    explain: (property) => {
      naming.explain = oneOf(onlyArgument(property, 'explain full|code|off'), ['full', 'code', 'off'])
    },
  }
}

function textOf(property: Directive): string {
  return property.args.map((argument) => argument.text).join(' ')
}

/** Throws a ConfigError at the later of two properties that exclude each other. */
function refuseBoth({ block }: Directive, [one, other]: readonly [string, string], why: string): void {
  const hasBoth = [one, other].every((name) => block.some((property) => property.name === name))
  const later = block.findLast(({ name }) => name === one || name === other)
  if (!hasBoth || later === undefined) return
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_PROPERTY_CONFLICT',
    message: `"${one}" and "${other}" exclude each other`,
    position: later.position,
    hint: `${why}: remove one of them`,
  })
}

function onlyArgument(property: Directive, usage: string): Argument {
  requireArgs(property, 1, 1, usage)
  const [argument] = property.args
  return argument ?? { text: '', position: property.position }
}

/** PTR targets end in the first zone that is no reverse zone; without one there is nothing to name. */
function namingZones(
  zones: readonly DomainName[],
  directive: Directive,
): { zones: readonly DomainName[]; primaryZone: DomainName } {
  const primaryZone = zones.find((zone) => !REVERSE_ROOTS.some((root) => isSubdomain(zone, root)))
  if (primaryZone !== undefined) return { zones: [...new Set(zones)], primaryZone }
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_KUBERNETES_ZONES',
    message: '"kubernetes" has reverse zones only',
    position: directive.position,
    hint: 'name the cluster domain too: kubernetes cluster.local in-addr.arpa ip6.arpa',
  })
}

function ownAddresses({
  host,
  bindAddresses,
}: Pick<BlockContext, 'host' | 'bindAddresses'>): ReturnType<typeof host.ownAddresses> {
  return host.ownAddresses(bindAddresses)
}

function selectorFrom(text: string, property: Directive): LabelSelector {
  const parsed = parseSelector(text)
  if ('matches' in parsed) return parsed.matches
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_SELECTOR',
    message: `"${property.name}" is no label selector: ${parsed.error}`,
    position: property.args[0]?.position ?? property.position,
    hint: 'write it as kubectl takes it: app=web,tier in (front, back),!legacy',
  })
}
