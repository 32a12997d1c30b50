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
 * out: what it asks has nothing to do with the queries that are measured.
 */
export const KUBEADM_EXTRAS: readonly string[] = [
  'health 127.0.0.1:0',
  'ready 127.0.0.1:0',
  'prometheus 127.0.0.1:0',
  'cache 30 {\n        disable success cluster.local\n        disable denial cluster.local\n    }',
  'reload',
]

/** A closed port, for where no query leaves the cluster. */
const NO_UPSTREAM = 9

/** The Corefile that both servers run: cluster names and their reverse, everything else forwarded to a port of 127.0.0.1. */
export function composeCorefile(
  port: number,
  source: DataSource,
  extras: readonly string[] = [],
  upstreamPort = NO_UPSTREAM,
): string {
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
    forward . 127.0.0.1:${upstreamPort}
    loadbalance
${extras.map((line) => `    ${line}\n`).join('')}}
`
}
