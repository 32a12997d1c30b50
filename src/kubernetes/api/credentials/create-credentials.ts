import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import type { Credentials } from './credentials.ts'
import { CredentialsError } from './credentials.ts'
import type { CredentialsOptions } from './credentials-options.ts'
import { createEndpointCredentials } from './endpoint.ts'
import type { InClusterOptions } from './in-cluster.ts'
import { createInClusterCredentials, inClusterUrl, SERVICE_ACCOUNT_FOLDER } from './in-cluster.ts'
import { createChosenCredentials, createKubeconfigCredentials } from './kubeconfig.ts'
import { withEnvironmentProxy } from './with-environment-proxy.ts'

/** What the process runs in. */
export interface CredentialsEnvironment {
  /** Of the process, such as KUBECONFIG and HTTPS_PROXY. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** For tests; that of the kubelet by default. */
  readonly serviceAccountFolder?: string
  /** How long a proxy may take to connect; for tests. */
  readonly proxyTimeoutMs?: number
}

/**
 * Throws CredentialsError where it is certain that there are none. Files are read, and commands run, only when a request needs them.
 */
export function createCredentials(
  options: CredentialsOptions,
  environment: CredentialsEnvironment,
): Credentials {
  if (options.kind === 'endpoint') return endpointCredentials(options, environment)
  if (options.kind === 'kubeconfig')
    return kubeconfigCredentials([options.file], options.context, environment)
  return defaultCredentials(environment)
}

function kubeconfigCredentials(
  files: readonly string[],
  context: string | undefined,
  { variables }: CredentialsEnvironment,
): Credentials {
  return createKubeconfigCredentials(files, context, (choice) => withEnvironmentProxy(choice, variables))
}

function endpointCredentials(
  { url, tls }: Extract<CredentialsOptions, { kind: 'endpoint' }>,
  environment: CredentialsEnvironment,
): Credentials {
  const scheme = tls === undefined ? 'http' : 'https'
  const said = {
    place: 'the Corefile',
    remedy: 'put the files of "tls" there, or let this user read them',
    server: url.includes('://') ? url : `${scheme}://${url}`,
    cluster: tls && { 'certificate-authority': tls.caFile },
    user: tls && { 'client-certificate': tls.certFile, 'client-key': tls.keyFile },
  }
  return throughProxy(said, environment) ?? createEndpointCredentials(url, tls)
}

function inClusterCredentials(options: InClusterOptions, environment: CredentialsEnvironment): Credentials {
  const { folder } = options
  const said = {
    place: `the service account in ${folder}`,
    remedy: 'let this user read its files',
    server: inClusterUrl(options).href,
    cluster: { 'certificate-authority': `${folder}/ca.crt` },
    user: { tokenFile: `${folder}/token` },
  }
  return throughProxy(said, environment) ?? createInClusterCredentials(options)
}

/** What is said of a server elsewhere, as a kubeconfig says it; undefined where no proxy stands before that server. */
function throughProxy(
  { server, place, remedy, cluster, user }: SaidOfServer,
  { variables, proxyTimeoutMs }: CredentialsEnvironment,
): Credentials | undefined {
  const direct = {
    cluster: { name: 'said', body: { server, ...cluster } },
    user: { name: 'said', body: { ...user } },
  }
  const choice = withEnvironmentProxy(direct, variables)
  if (choice === direct) return undefined
  return createChosenCredentials({ place, remedy, choice: () => Promise.resolve(choice), proxyTimeoutMs })
}

interface SaidOfServer {
  readonly place: string
  readonly remedy: string
  /** Its URL. */
  readonly server: string
  /** Fields of a cluster and of a user, as a kubeconfig has them. */
  readonly cluster: Readonly<Record<string, unknown>> | undefined
  readonly user: Readonly<Record<string, unknown>> | undefined
}

/** In the order in which client-go looks. */
function defaultCredentials(environment: CredentialsEnvironment): Credentials {
  const { variables, serviceAccountFolder: folder = SERVICE_ACCOUNT_FOLDER } = environment
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port, KUBECONFIG, HOME } = variables
  const token = `${folder}/token`
  const isInCluster = isSet(host) && isSet(port)
  if (isInCluster && existsSync(token)) return inClusterCredentials({ host, port, folder }, environment)
  if (isSet(KUBECONFIG)) {
    return kubeconfigCredentials(KUBECONFIG.split(delimiter).filter(isSet), undefined, environment)
  }
  const home = isSet(HOME) ? join(HOME, '.kube/config') : undefined
  if (home !== undefined && existsSync(home)) return kubeconfigCredentials([home], undefined, environment)
  const pod = isInCluster
    ? `${token} is not there (automountServiceAccountToken?)`
    : 'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set, as they are in a Pod'
  throw new CredentialsError(
    'SLICEDNS_API_NO_CREDENTIALS',
    `Cannot find a Kubernetes API: ${pod}, KUBECONFIG is not set, ${home ?? '$HOME/.kube/config'} is not there; ` +
      'name one with "kubeconfig FILE" or "endpoint URL", or serve a folder with "manifests FOLDER"',
  )
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}
