import { Agent, request } from 'node:https'
import type { ApiObject } from '../helpers/api-object.ts'

/** What of an object says where it is kept. */
export interface ObjectReference {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** An answer of the API server that is no success. */
export class KubeError extends Error {
  override readonly name = 'KubeError'
  readonly status: number

  constructor(method: string, path: string, status: number, body: string) {
    super(`${method} ${path}: ${status} ${messageOf(body)}`)
    this.status = status
  }
}

const NO_NAMESPACE = new Set(['Namespace', 'Node', 'ClusterRole', 'ClusterRoleBinding'])

/** Writes and reads objects as JSON with a token, over a few connections that are kept. */
export class KubeClient {
  readonly #port: number
  readonly #token: string
  readonly #readCa: () => string
  #agent: Agent | undefined

  constructor(port: number, token: string, readCa: () => string) {
    this.#port = port
    this.#token = token
    this.#readCa = readCa
  }

  async create(object: ApiObject): Promise<ApiObject> {
    return this.#send('POST', collectionOf(object), object)
  }

  /** Creates what is not there yet, one after the other. */
  async ensure(objects: readonly ApiObject[]): Promise<void> {
    for (const object of objects) {
      await this.create(object).catch((error: unknown) => {
        if (!(error instanceof KubeError && error.status === 409)) throw error
      })
    }
  }

  async replace(object: ApiObject): Promise<ApiObject> {
    return this.#send('PUT', pathOf(object), object)
  }

  async read(reference: ObjectReference): Promise<ApiObject> {
    return this.#send('GET', pathOf(reference))
  }

  /** A merge patch (RFC 7396) of the object, or of a subresource such as `status`. */
  async patch(reference: ObjectReference, change: object, subresource?: string): Promise<ApiObject> {
    const path = subresource === undefined ? pathOf(reference) : `${pathOf(reference)}/${subresource}`
    return this.#send('PATCH', path, change)
  }

  /** Without grace, for Pods. What is not there is gone already. */
  async remove(reference: ObjectReference): Promise<void> {
    await this.#send('DELETE', `${pathOf(reference)}?gracePeriodSeconds=0`).catch((error: unknown) => {
      if (!(error instanceof KubeError && error.status === 404)) throw error
    })
  }

  /** Any GET, such as a list. */
  async get<T>(path: string): Promise<T> {
    return this.#send('GET', path)
  }

  async post<T>(path: string, body: object): Promise<T> {
    return this.#send('POST', path, body)
  }

  /** Any PUT, such as to a subresource. */
  async put<T>(path: string, body: object): Promise<T> {
    return this.#send('PUT', path, body)
  }

  close(): void {
    this.#agent?.destroy()
    this.#agent = undefined
  }

  async #send<T>(method: string, path: string, body?: object): Promise<T> {
    this.#agent ??= new Agent({ keepAlive: true, maxSockets: 16, ca: this.#readCa() })
    const agent = this.#agent
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    return new Promise((resolve, reject) => {
      const call = request({
        host: '127.0.0.1',
        port: this.#port,
        method,
        path,
        agent,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${this.#token}`,
          'user-agent': 'slicedns-tests',
          ...(body === undefined ? {} : { 'content-type': contentType }),
        },
      })
      call.once('error', reject)
      call.once('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString()
          const status = response.statusCode ?? 0
          if (status >= 300) reject(new KubeError(method, path, status, text))
          else resolve(JSON.parse(text.startsWith('{') ? text : JSON.stringify(text)))
        })
      })
      call.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }
}

function pathOf(reference: ObjectReference): string {
  return `${collectionOf(reference)}/${reference.metadata.name}`
}

function collectionOf({ apiVersion, kind, metadata }: ObjectReference): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const scope = NO_NAMESPACE.has(kind) ? '' : `/namespaces/${metadata.namespace ?? 'default'}`
  return `${group}${scope}/${kind === 'Endpoints' ? 'endpoints' : `${kind.toLowerCase()}s`}`
}

function messageOf(body: string): string {
  try {
    const status: unknown = JSON.parse(body)
    if (typeof status === 'object' && status !== null && 'message' in status) return String(status.message)
  } catch {
    // No Status of the API: said as it is.
  }
  return body.slice(0, 200)
}
