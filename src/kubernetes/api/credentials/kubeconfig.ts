import type { Agent } from 'node:http'
import type { RequestOptions } from 'node:https'
import { createSecureContext } from 'node:tls'

import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'

import { basicAuthorization, splitUrl } from './api-url.ts'
import type { ApiAccess, ApiServer, Credentials } from './credentials.ts'
import { CredentialsError } from './credentials.ts'
import { keepWhileSame } from './keep-while-same.ts'
import type { KubeconfigChoice } from './kubeconfig-choice.ts'
import { chooseContext } from './kubeconfig-choice.ts'
import { createKubeConfig } from './create-kube-config.ts'
import { mergeKubeconfigs, parseKubeconfig } from './kubeconfig-text.ts'
import { LastingFile } from './lasting-file.ts'

/**
 * A context of kubeconfig files, the current one where none is named. They are read for each request, and so are the files that they
 * name. Certificates, commands, identity providers and proxies are what `KubeConfig` of @kubernetes/client-node makes of them; it is
 * loaded for the first request, as it is large.
 */
export function createKubeconfigCredentials(
  files: readonly string[],
  context: string | undefined,
): Credentials {
  return new KubeconfigCredentials(files, context)
}

/** What `KubeConfig` gives for one request. */
interface Material {
  readonly options: RequestOptions
  readonly choice: KubeconfigChoice
}

class KubeconfigCredentials implements Credentials {
  readonly #files: readonly LastingFile[]
  readonly #place: string
  readonly #choiceIn: (texts: readonly (string | undefined)[]) => KubeconfigChoice
  #kube: { readonly choice: KubeconfigChoice; readonly config: KubeConfig } | undefined
  #asked: Promise<ApiAccess> | undefined
  #server: { readonly key: string; readonly server: ApiServer } | undefined

  constructor(files: readonly string[], context: string | undefined) {
    this.#files = files.map((file) => new LastingFile(file))
    this.#place = files.join(', ')
    this.#choiceIn = keepWhileSame((texts) => {
      const configs = texts.flatMap((text, index) =>
        text === undefined ? [] : [parseKubeconfig(text, files[index] ?? '')],
      )
      return chooseContext(mergeKubeconfigs(configs), context, this.#place)
    })
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
    const choice = this.#choiceIn(await this.#texts())
    try {
      if (this.#kube?.choice !== choice) this.#kube = { choice, config: await createKubeConfig(choice) }
      const options: RequestOptions = {}
      await this.#kube.config.applyToHTTPSOptions(options)
      return { options, choice }
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).trim().slice(0, MAX_REASON)
      throw new CredentialsError(
        'SLICEDNS_API_KUBECONFIG',
        `Cannot take the credentials that ${this.#place} names: ${why}; "kubectl get services" with it must work`,
        error,
      )
    }
  }

  /** As client-go does, one of several that is not there is passed over. */
  async #texts(): Promise<readonly (string | undefined)[]> {
    const results = await Promise.allSettled(this.#files.map((file) => file.read()))
    const texts = results.map((result) => (result.status === 'fulfilled' ? result.value : undefined))
    const failure = results.find((result) => result.status === 'rejected')
    if (failure !== undefined && texts.every((text) => text === undefined)) throw failure.reason
    return texts
  }

  /** The agent that `KubeConfig` made for a proxy is made once: for other certificates another `KubeConfig` is needed. */
  async #serverFor(url: URL, { options, choice }: Material): Promise<ApiServer> {
    const { ca, cert, key, servername, rejectUnauthorized } = options
    const texts = [url.href, ca, cert, key, servername, rejectUnauthorized, choice.cluster.body['proxy-url']]
    const serverKey = texts.map(String).join('\n\n')
    if (this.#server?.key === serverKey) return this.#server.server
    const usesProxy = textOf(choice.cluster.body['proxy-url']) !== ''
    const agent = usesProxy && typeof options.agent === 'object' ? options.agent : undefined
    if (agent !== undefined && agent === this.#server?.server.proxyAgent) {
      this.#kube = undefined
      return this.#serverFor(url, await this.#material())
    }
    const server = createServer(url, options, agent, this.#place)
    this.#server = { key: serverKey, server }
    return server
  }
}

/** Characters of what a command says. */
const MAX_REASON = 300

function createServer(
  url: URL,
  options: RequestOptions,
  proxyAgent: Agent | undefined,
  place: string,
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
  return { url, tls, proxyAgent }
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
