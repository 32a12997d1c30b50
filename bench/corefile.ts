/** What a Pod has of its cluster. */
export interface InCluster {
  /** With `token`, `ca.crt` and `namespace`. */
  readonly accountFolder: string
  readonly port: number
}

/** Where a server's data comes from: the only line in which the two servers' Corefiles differ. */
export type DataSource =
  | { readonly endpoint: string }
  /** The service account of the Pod, as both servers look for it. */
  | { readonly inCluster: InCluster }
  | { readonly manifests: string }

/**
 * What kubeadm's Corefile has beside the directives of `composeCorefile`, on free ports of 127.0.0.1. `loop` is left
 * out: it would ask the upstream, which is a closed port here.
 */
export const KUBEADM_EXTRAS: readonly string[] = [
  'health 127.0.0.1:0',
  'ready 127.0.0.1:0',
  'prometheus 127.0.0.1:0',
  'cache 30 {\n        disable success cluster.local\n        disable denial cluster.local\n    }',
  'reload',
]

/**
 * The Corefile that both servers run: cluster names and their reverse, everything else forwarded to a closed port,
 * since no query of the bench leaves the cluster.
 */
export function composeCorefile(port: number, source: DataSource, extras: readonly string[] = []): string {
  const data =
    'inCluster' in source
      ? '# the API server of the cluster that the server runs in'
      : Object.entries(source).map(([name, value]) => `${name} ${value}`)[0]
  return `.:${port} {
    bind 127.0.0.1
    errors
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        ${data}
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    forward . 127.0.0.1:9
    loadbalance
${extras.map((line) => `    ${line}\n`).join('')}}
`
}
