import type { RequestOptions } from 'node:https'
import { createSecureContext } from 'node:tls'

import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'

import { basicAuthorization, splitUrl } from './api-url.ts'
import type { ApiAccess, ApiServer, Credentials, ServerProxy } from './credentials.ts'
import { CredentialsError } from './credentials.ts'
import { keepWhileSame } from './keep-while-same.ts'
import type { KubeconfigChoice } from './kubeconfig-choice.ts'
import { chooseContext } from './kubeconfig-choice.ts'
import { createKubeConfig } from './create-kube-config.ts'
import { mergeKubeconfigs, parseKubeconfig } from './kubeconfig-text.ts'
import { LastingFile } from './lasting-file.ts'

/** Something that is said as in a context of a kubeconfig. */
export interface ChoiceSource {
  /** Where it is said, for messages. */
  readonly place: string
  /** What to do where it is of no use. */
  readonly remedy: string
  /** The same value until something else is said. Rejects with CredentialsError. */
  readonly choice: () => Promise<KubeconfigChoice>
  /** How long a proxy may take to connect; for tests. */
  readonly proxyTimeoutMs?: number | undefined
}

/**
 * What a context of a kubeconfig says. The files that it names are read for each request. Certificates, commands, identity providers and
 * proxies are what `KubeConfig` of @kubernetes/client-node makes of them; it is loaded for the first request, as it is large.
 */
export function createChosenCredentials(source: ChoiceSource): Credentials {
  return new ChosenCredentials(source)
}

/** A context of kubeconfig files, the current one where none is named. They are read for each request. `complete` may add to it. */
export function createKubeconfigCredentials(
  files: readonly string[],
  context: string | undefined,
  complete: (choice: KubeconfigChoice) => KubeconfigChoice = (choice) => choice,
): Credentials {
  const lasting = files.map((file) => new LastingFile(file))
  const place = files.join(', ')
  const choiceIn = keepWhileSame((texts) => {
    const configs = texts.flatMap((text, index) =>
      text === undefined ? [] : [parseKubeconfig(text, files[index] ?? '')],
    )
    return complete(chooseContext(mergeKubeconfigs(configs), context, place))
  })
  return createChosenCredentials({
    place,
    remedy: '"kubectl get services" with it must work',
    choice: async () => choiceIn(await textsOf(lasting)),
  })
}

/** As client-go does, one of several that is not there is passed over. */
async function textsOf(files: readonly LastingFile[]): Promise<readonly (string | undefined)[]> {
  const results = await Promise.allSettled(files.map((file) => file.read()))
  const texts = results.map((result) => (result.status === 'fulfilled' ? result.value : undefined))
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined && texts.every((text) => text === undefined)) throw failure.reason
  return texts
}

/** What `KubeConfig` gives for one request. */
interface Material {
  readonly options: RequestOptions
  readonly choice: KubeconfigChoice
}

class ChosenCredentials implements Credentials {
  readonly #source: ChoiceSource
  #kube: { readonly choice: KubeconfigChoice; readonly config: KubeConfig } | undefined
  #asked: Promise<ApiAccess> | undefined
  #server: { readonly key: string; readonly server: ApiServer } | undefined

  constructor(source: ChoiceSource) {
    this.#source = source
  }

  /** Those who ask at the same time share one: a command that hangs is not started again with every try. */
  async current(): Promise<ApiAccess> {
    this.#asked ??= this.#access().finally(() => {
      this.#asked = undefined
    })
    return this.#asked
  }

  async #access(): Promise<ApiAccess> {
    const material = await this.#material()
    const { url, headers } = splitUrl(textOf(material.choice.cluster.body['server']))
    return {
      server: await this.#serverFor(url, material),
      headers: { ...headers, ...headersOf(material.options) },
    }
  }

  refused(): void {
    this.#kube = undefined
  }

  async #material(): Promise<Material> {
    const choice = await this.#source.choice()
    try {
      if (this.#kube?.choice !== choice) this.#kube = { choice, config: await createKubeConfig(choice) }
      // For agents that connect through an HTTP proxy: nothing else would end their asking it. One for SOCKS has a limit of its
      // own, and would end quiet watches with this one.
      const isSocks = /^socks/i.test(textOf(choice.cluster.body['proxy-url']))
      const timeout = this.#source.proxyTimeoutMs ?? PROXY_TIMEOUT_MS
      const options: RequestOptions = isSocks ? {} : { timeout }
      await this.#kube.config.applyToHTTPSOptions(options)
      return { options, choice }
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).trim().slice(0, MAX_REASON)
      const { place, remedy } = this.#source
      throw new CredentialsError(
        'SLICEDNS_API_KUBECONFIG',
        `Cannot take the credentials that ${place} names: ${why}; ${remedy}`,
        error,
      )
    }
  }

  /** The agent that `KubeConfig` made for a proxy is made once: for other certificates another `KubeConfig` is needed. */
  async #serverFor(url: URL, { options, choice }: Material): Promise<ApiServer> {
    const { ca, cert, key, servername, rejectUnauthorized } = options
    const texts = [url.href, ca, cert, key, servername, rejectUnauthorized, choice.cluster.body['proxy-url']]
    const serverKey = texts.map(String).join('\n\n')
    if (this.#server?.key === serverKey) return this.#server.server
    const proxy = proxyOf(options, choice, this.#source)
    if (proxy !== undefined && proxy.agent === this.#server?.server.proxy?.agent) {
      this.#kube = undefined
      return this.#serverFor(url, await this.#material())
    }
    const server = createServer(url, options, proxy, this.#source)
    this.#server = { key: serverKey, server }
    return server
  }
}

/** Until a proxy has connected; what comes then has its own limits. */
const PROXY_TIMEOUT_MS = 10_000

/** Characters of what a command says. */
const MAX_REASON = 300

function proxyOf(
  { agent }: RequestOptions,
  { cluster, proxyPlace }: KubeconfigChoice,
  { place }: ChoiceSource,
): ServerProxy | undefined {
  const url = textOf(cluster.body['proxy-url'])
  if (url === '' || typeof agent !== 'object') return undefined
  const shown = URL.parse(url)
  const name = shown === null ? 'the proxy' : `the proxy ${shown.protocol}//${shown.host}`
  return { agent, text: `${name} ${proxyPlace ?? `that ${place} names`}` }
}

function createServer(
  url: URL,
  options: RequestOptions,
  proxy: ServerProxy | undefined,
  { place }: ChoiceSource,
): ApiServer {
  const { ca, cert, key, servername, rejectUnauthorized } = options
  const hasCertificate = cert !== undefined && key !== undefined
  const secureContext = createSecureContext({
    ...(ca === undefined ? {} : { ca }),
    ...(hasCertificate ? { cert, key } : {}),
  })
  const tls = {
    secureContext,
    serverName: servername,
    verifies: rejectUnauthorized !== false,
    caText: ca === undefined ? 'the CAs that the system trusts' : `the CA that ${place} names`,
    certificateText: hasCertificate ? `the client certificate that ${place} names` : undefined,
  }
  return { url, tls, proxy }
}

/** A token wins over user and password. */
function headersOf({ headers, auth }: RequestOptions): Readonly<Record<string, string>> {
  const basic = typeof auth === 'string' ? splitOnce(auth) : undefined
  const said = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value).trim()] as const)
  return { ...(basic === undefined ? {} : basicAuthorization(...basic)), ...Object.fromEntries(said) }
}

function splitOnce(text: string): [string, string] {
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1)]
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
