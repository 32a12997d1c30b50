import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'

import type { KubeconfigChoice } from './kubeconfig-choice.ts'

type Body = Readonly<Record<string, unknown>>

/** Makes of a choice what speaks for it. Rejects where it lacks something. */
export async function createKubeConfig({ cluster, user }: KubeconfigChoice): Promise<KubeConfig> {
  const { KubeConfig: Config } = await import('@kubernetes/client-node/dist/config.js')
  const name = 'chosen'
  const config = new Config()
  config.loadFromString(
    JSON.stringify({
      clusters: [{ name, cluster: withoutIdleChecks(withDataFirst(cluster.body)) }],
      users: [{ name, user: withTokenFile(withDataFirst(user.body)) }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    }),
  )
  return config
}

/** What stands in the file itself wins over a file that it names, as with kubectl. */
function withDataFirst(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([field]) => !body[`${field}-data`]))
}

/** KubeConfig wants to be told that without TLS nothing is verified. */
function withoutIdleChecks(cluster: Body): Body {
  const { server } = cluster
  const isPlain = typeof server === 'string' && server.startsWith('http:')
  return isPlain ? { ...cluster, 'insecure-skip-tls-verify': true } : cluster
}

/** KubeConfig reads the file of a token again and again only where an auth provider names it. It wins over `token`, as with kubectl. */
function withTokenFile(user: Body): Body {
  const { tokenFile, token: _token, ...rest } = user
  if (typeof tokenFile !== 'string') return user
  return { ...rest, 'auth-provider': { name: 'tokenFile', config: { tokenFile } } }
}
