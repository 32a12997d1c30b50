import { CredentialsError } from './credentials.ts'
import type { Kubeconfig, Named } from './kubeconfig-text.ts'

/** What one context of a kubeconfig names. */
export interface KubeconfigChoice {
  readonly cluster: Named
  readonly user: Named
  /** Where `proxy-url` of the cluster is from if not from there, for messages: `of HTTPS_PROXY`. */
  readonly proxyPlace?: string
}

/**
 * Finds the cluster and the user of a context; a context without a user speaks as nobody. `place` names the files. Throws
 * CredentialsError.
 */
export function chooseContext(
  { clusters, users, contexts, currentContext }: Kubeconfig,
  wanted: string | undefined,
  place: string,
): KubeconfigChoice {
  const known =
    contexts.length === 0 ? 'it has none' : `it has ${contexts.map(({ name }) => name).join(', ')}`
  const name = wanted ?? currentContext
  if (name === '') {
    throw wrongChoice(`${place} has no current-context`, `name one: kubeconfig FILE CONTEXT; ${known}`)
  }
  const context = named(contexts, name)
  if (context === undefined) throw wrongChoice(`${place} has no context "${name}"`, known)
  const clusterName = textOf(context.body['cluster'])
  const userName = textOf(context.body['user'])
  const cluster = named(clusters, clusterName)
  const user = userName === '' ? { name: '', body: {} } : named(users, userName)
  const why = `context "${name}" of ${place} names`
  if (cluster === undefined) throw wrongChoice(`${why} no cluster that it has`, 'mend the context')
  if (user === undefined)
    throw wrongChoice(`${why} the user "${userName}", which it has not`, 'mend the context')
  return { cluster, user }
}

function named(entries: readonly Named[], name: string): Named | undefined {
  return entries.find((entry) => entry.name === name)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function wrongChoice(what: string, how: string): CredentialsError {
  return new CredentialsError('SLICEDNS_API_KUBECONFIG', `${what}; ${how}`)
}
