import { createSecureContext } from 'node:tls'

import { ConfigError } from '../config/config-error.ts'
import type { Argument, Directive, Position } from '../config/corefile.ts'
import { oneOf, parseDuration, parseInteger, requireArgs } from '../config/directive-arguments.ts'
import type { ApiClusterOptions } from '../kubernetes/api/api-cluster-options.ts'
import { urlProblem } from '../kubernetes/api/credentials/api-url.ts'
import type { CredentialsOptions, EndpointTls } from '../kubernetes/api/credentials/credentials-options.ts'
import { chooseContext } from '../kubernetes/api/credentials/kubeconfig-choice.ts'
import { parseKubeconfig } from '../kubernetes/api/credentials/kubeconfig-text.ts'
import type { NamingOptions } from '../kubernetes/naming/naming-options.ts'
import type { PluginHost } from './plugin.ts'

/** What the properties of one `kubernetes` say about a live cluster. */
export interface ApiDraft {
  endpoint?: string
  tls?: EndpointTls
  kubeconfig?: { readonly file: string; readonly context?: string }
  startupTimeoutMs: number
  guardsMassDelete: boolean
  guardPosition?: Position
}

/** As CoreDNS without these properties; the guard is ours (differences.md 29). */
export function createApiDraft(): ApiDraft {
  return { startupTimeoutMs: 5_000, guardsMassDelete: true }
}

/** Handlers that fill the draft, for `eachProperty`. They throw a ConfigError, for files that cannot be used too. */
export function apiProperties(
  draft: ApiDraft,
  host: PluginHost,
): Readonly<Record<string, (property: Directive) => void>> {
  return {
    endpoint: (property) => {
      draft.endpoint = endpointOf(property, host)
    },
    tls: (property) => {
      draft.tls = tlsOf(property, host)
    },
    kubeconfig: (property) => {
      draft.kubeconfig = kubeconfigOf(property, host)
    },
    startup_timeout: (property) => {
      draft.startupTimeoutMs = parseDuration(single(property, 'startup_timeout DURATION'))
    },
    mass_delete_guard: (property) => {
      draft.guardsMassDelete = oneOf(single(property, 'mass_delete_guard on|off'), ['on', 'off']) === 'on'
      draft.guardPosition = property.position
    },
    // There is one request at a time for each kind of object: nothing to be held back.
    apiserver_qps: (property) => requireAmount(single(property, 'apiserver_qps NUMBER')),
    apiserver_burst: (property) => void parseInteger(single(property, 'apiserver_burst NUMBER'), COUNT),
    apiserver_max_inflight: (property) =>
      void parseInteger(single(property, 'apiserver_max_inflight NUMBER'), COUNT),
  }
}

/** Those of them that may stand once. */
export const ONCE_OF_API = ['endpoint', 'tls', 'kubeconfig', 'startup_timeout', 'mass_delete_guard']

/** Whether the draft names an API server. */
export function namesApi({ endpoint, kubeconfig }: ApiDraft): boolean {
  return endpoint !== undefined || kubeconfig !== undefined
}

/** What is followed: what names of the cluster can be made of, and no more. */
export function apiClusterOf(draft: ApiDraft, naming: NamingOptions): ApiClusterOptions {
  return {
    credentials: credentialsOf(draft),
    namespaces: naming.namespaces === undefined ? undefined : [...naming.namespaces].toSorted(),
    namespaceSelectorText: naming.namespaceLabels?.text ?? '',
    watchesEndpoints: naming.endpoints,
    watchesPods: naming.pods === 'verified',
    startupTimeoutMs: draft.startupTimeoutMs,
    guardsMassDelete: draft.guardsMassDelete,
  }
}

const COUNT = { min: 0, max: 0x7fff_ffff }

function credentialsOf({ endpoint, tls, kubeconfig }: ApiDraft): CredentialsOptions {
  if (endpoint !== undefined)
    return { kind: 'endpoint', url: endpoint, ...(tls === undefined ? {} : { tls }) }
  return kubeconfig === undefined ? { kind: 'default' } : { kind: 'kubeconfig', ...kubeconfig }
}

/** CoreDNS takes several for the sake of old Corefiles, and uses the first. */
function endpointOf(property: Directive, host: PluginHost): string {
  requireArgs(property, 1, Infinity, 'endpoint URL')
  const [first = noArgument(property), ...others] = property.args
  if (others.length > 0)
    host.log.warn(`"endpoint" of "kubernetes" names several API servers: only ${first.text} is used`)
  const problem = urlProblem(first.text)
  if (problem === undefined) return first.text
  throw fileError(`"${first.text}" ${problem}`, first, 'write endpoint https://HOST:PORT')
}

function tlsOf(property: Directive, host: PluginHost): EndpointTls {
  requireArgs(property, 3, 3, 'tls CERT KEY CA')
  const [certFile = '', keyFile = '', caFile = ''] = property.args.map(({ text }) => text)
  const [cert = '', key = '', ca = ''] = property.args.map((argument) => read(argument, host))
  try {
    createSecureContext({ cert, key, ca })
  } catch (error) {
    throw fileError(
      `"tls" cannot use its files: ${messageOf(error)}`,
      property,
      'give files in PEM: certificate and key that belong together, then the CA of the API server',
    )
  }
  return { certFile, keyFile, caFile }
}

function kubeconfigOf(property: Directive, host: PluginHost): NonNullable<ApiDraft['kubeconfig']> {
  requireArgs(property, 1, 2, 'kubeconfig FILE [CONTEXT]')
  const [file = noArgument(property), context] = property.args
  const text = read(file, host)
  try {
    chooseContext(parseKubeconfig(text, file.text), context?.text, file.text)
  } catch (error) {
    throw fileError(messageOf(error), context ?? file)
  }
  return { file: file.text, ...(context === undefined ? {} : { context: context.text }) }
}

function read(argument: Argument, host: PluginHost): string {
  try {
    return host.readFile(argument.text)
  } catch (error) {
    throw fileError(
      `"${argument.text}" cannot be read: ${messageOf(error)}`,
      argument,
      'put the file there, or correct its path, which starts from where the process was started',
    )
  }
}

function single(property: Directive, usage: string): Argument {
  requireArgs(property, 1, 1, usage)
  return property.args[0] ?? noArgument(property)
}

function noArgument({ position }: Directive): Argument {
  return { text: '', position }
}

function requireAmount({ text, position }: Argument): void {
  if (/^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i.test(text)) return
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `"${text}" is not a number from 0`,
    position,
    hint: 'write 20 or 7.5, for example',
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function fileError(message: string, { position }: Pick<Argument, 'position'>, hint?: string): ConfigError {
  return new ConfigError({ code: 'SLICEDNS_CONFIG_KUBERNETES_SERVER', message, position, hint })
}
