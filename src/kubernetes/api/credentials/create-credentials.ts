import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import type { Credentials } from './credentials.ts'
import { CredentialsError } from './credentials.ts'
import type { CredentialsOptions } from './credentials-options.ts'
import { createEndpointCredentials } from './endpoint.ts'
import { createInClusterCredentials, SERVICE_ACCOUNT_FOLDER } from './in-cluster.ts'
import { createKubeconfigCredentials } from './kubeconfig.ts'

/** What the process runs in. */
export interface CredentialsEnvironment {
  /** Of the process, such as KUBECONFIG. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** For tests; that of the kubelet by default. */
  readonly serviceAccountFolder?: string
}

/**
 * Throws CredentialsError where it is certain that there are none. Files are read, and commands run, only when a request needs them.
 */
export function createCredentials(
  options: CredentialsOptions,
  environment: CredentialsEnvironment,
): Credentials {
  if (options.kind === 'endpoint') return createEndpointCredentials(options.url, options.tls)
  if (options.kind === 'kubeconfig') return createKubeconfigCredentials([options.file], options.context)
  return defaultCredentials(environment)
}

/** In the order in which client-go looks. */
function defaultCredentials({
  variables,
  serviceAccountFolder: folder = SERVICE_ACCOUNT_FOLDER,
}: CredentialsEnvironment): Credentials {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port, KUBECONFIG, HOME } = variables
  const token = `${folder}/token`
  const isInCluster = isSet(host) && isSet(port)
  if (isInCluster && existsSync(token)) return createInClusterCredentials({ host, port, folder })
  if (isSet(KUBECONFIG)) {
    return createKubeconfigCredentials(KUBECONFIG.split(delimiter).filter(isSet), undefined)
  }
  const home = isSet(HOME) ? join(HOME, '.kube/config') : undefined
  if (home !== undefined && existsSync(home)) return createKubeconfigCredentials([home], undefined)
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
