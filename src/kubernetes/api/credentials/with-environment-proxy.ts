import { splitUrl } from './api-url.ts'
import { environmentProxy } from './environment-proxy.ts'
import type { KubeconfigChoice } from './kubeconfig-choice.ts'

/** The choice with the proxy that the environment names for its server, unless it names one itself. Throws CredentialsError. */
export function withEnvironmentProxy(
  choice: KubeconfigChoice,
  variables: Readonly<Record<string, string | undefined>>,
): KubeconfigChoice {
  const { server, 'proxy-url': own } = choice.cluster.body
  if ((own !== undefined && own !== '') || typeof server !== 'string') return choice
  const proxy = environmentProxy(splitUrl(server).url, variables)
  if (proxy === undefined) return choice
  const { name, body } = choice.cluster
  // Behind a proxy the scheme has to be there.
  const withScheme = server.includes('://') ? server : `http://${server}`
  return {
    ...choice,
    cluster: { name, body: { ...body, server: withScheme, 'proxy-url': proxy.url } },
    proxyPlace: `of ${proxy.variable}, which NO_PROXY makes exceptions from`,
  }
}
