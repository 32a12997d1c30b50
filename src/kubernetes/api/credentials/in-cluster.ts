import { isIPv6 } from 'node:net'
import { createSecureContext } from 'node:tls'

import type { ApiServer, Credentials } from './credentials.ts'
import { keepWhileSame } from './keep-while-same.ts'
import { LastingFile } from './lasting-file.ts'

/** Where the kubelet puts what a Pod needs to speak with the API server. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'

export interface InClusterOptions {
  /** KUBERNETES_SERVICE_HOST. */
  readonly host: string
  /** KUBERNETES_SERVICE_PORT. */
  readonly port: string
  /** Of `token` and `ca.crt`. */
  readonly folder: string
}

/**
 * The service account of the Pod (Kubernetes "Accessing the Kubernetes API from a Pod"). Both files are read for each request, which
 * there are few of: the kubelet replaces the token before it expires.
 */
export function createInClusterCredentials(options: InClusterOptions): Credentials {
  const { folder } = options
  const url = inClusterUrl(options)
  const token = new LastingFile(`${folder}/token`)
  const ca = new LastingFile(`${folder}/ca.crt`)
  const serverWith = keepWhileSame(([caText = '']): ApiServer => {
    const tls = {
      secureContext: createSecureContext({ ca: caText }),
      serverName: undefined,
      verifies: true,
      caText: `the CA in ${ca.path}`,
      certificateText: undefined,
    }
    return { url, tls, proxy: undefined }
  })
  return {
    current: async () => {
      const [tokenText, caText] = await Promise.all([token.read(), ca.read()])
      return { server: serverWith([caText]), headers: { Authorization: `Bearer ${tokenText.trim()}` } }
    },
    refused: () => {},
  }
}

export function inClusterUrl({ host, port }: Omit<InClusterOptions, 'folder'>): URL {
  return new URL(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`)
}
