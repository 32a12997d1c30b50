import { isDeepStrictEqual } from 'node:util'
import { KubeError } from '../../control-plane/kube-client.ts'
import type { KubeClient } from '../../control-plane/kube-client.ts'
import type { ApiObject } from '../../helpers/api-object.ts'
import { keyOf } from '../../helpers/api-object.ts'

/** Keeps what is deleted until it is taken away, as a Pod is that has not ended yet. */
const HOLD = 'slicedns.test/hold'

/** Lists that say what there is, by kind. */
const LISTS = [
  { kind: 'Namespace', apiVersion: 'v1', path: '/api/v1/namespaces' },
  { kind: 'Service', apiVersion: 'v1', path: '/api/v1/services' },
  { kind: 'Pod', apiVersion: 'v1', path: '/api/v1/pods' },
  {
    kind: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    path: '/apis/discovery.k8s.io/v1/endpointslices',
  },
] as const

/** 403: the namespace ends; 409: it is there, or not as it was; 422: a field is wrong, or may not change. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 404, 409, 422])

/**
 * Generated objects on a real API server. What it refuses is not there: it is counted, with the reason. Without controllers
 * nothing else writes.
 */
export class LiveCluster {
  /** How many objects were created, changed, and deleted. */
  readonly counts = { created: 0, updated: 0, recreated: 0, deleted: 0 }
  /** Reasons without names, and how many objects each met. */
  readonly refusals = new Map<string, number>()
  readonly #client: KubeClient
  /** As they were given, refused ones too. */
  #given = new Map<string, ApiObject>()
  /** Keys of those that are there. */
  readonly #present = new Set<string>()

  constructor(client: KubeClient) {
    this.#client = client
  }

  /** Makes the cluster hold these objects, and no others of those that were given before. Namespaces come first. */
  async bring(objects: readonly ApiObject[]): Promise<void> {
    const before = this.#given
    this.#given = new Map(objects.map((object) => [identity(object), object]))
    const gone = [...before].filter(([key]) => !this.#given.has(key)).toReversed()
    for (const [, object] of gone) await this.#remove(object)
    for (const [key, object] of this.#given) {
      if (!isDeepStrictEqual(before.get(key), object)) await this.#put(object, before.get(key))
    }
  }

  /** Everything there is, as the API server has it. */
  async objects(): Promise<readonly ApiObject[]> {
    const lists = await Promise.all(
      LISTS.map(async ({ kind, apiVersion, path }) => {
        const { items } = await this.#client.get<{ readonly items: readonly ApiObject[] }>(path)
        return items.map((item) => Object.assign(item, { kind, apiVersion }))
      }),
    )
    return lists.flat()
  }

  /** As `kubectl apply` does; where a field may not change, as `kubectl replace --force`. */
  async #put(object: ApiObject, before: ApiObject | undefined): Promise<void> {
    try {
      if (!this.#present.has(identity(object))) return await this.#create(object)
      if (isHeld(object) || (before !== undefined && isHeld(before))) return await this.#recreate(object)
      await this.#update(object).catch(async (error: unknown) => {
        if (!isRefusal(error)) throw error
        await this.#recreate(object)
      })
    } catch (error) {
      if (!isRefusal(error)) throw error
      const reason = error.message.replace(/^\w+ \S+ \d+ /, '').replaceAll(/"[^"]*"/g, '…')
      this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1)
    }
  }

  async #create(object: ApiObject): Promise<void> {
    const isNew = await this.#client.create(withoutStatus(object)).then(
      () => true,
      // The namespaces that a new cluster has.
      (error: unknown) => {
        if (object.kind === 'Namespace' && error instanceof KubeError && error.status === 409) return false
        throw error
      },
    )
    this.#present.add(identity(object))
    if (!isNew) return this.#update(object)
    this.counts.created++
    await this.#writeStatus(object)
    if (isHeld(object)) await this.#client.remove(object)
  }

  async #update(object: ApiObject): Promise<void> {
    const { labels } = object.metadata
    if (object.kind === 'Namespace') await this.#client.patch(object, { metadata: { labels } })
    else if (object.kind === 'Pod') await this.#client.patch(object, { metadata: { labels } })
    else await this.#client.replace(withoutStatus(object))
    await this.#writeStatus(object)
    this.counts.updated++
  }

  async #recreate(object: ApiObject): Promise<void> {
    await this.#remove(object)
    await this.#create(object)
    this.counts.recreated++
  }

  async #writeStatus(object: ApiObject): Promise<void> {
    const { status } = object
    if (status !== undefined) await this.#client.patch(object, { status }, 'status')
  }

  async #remove(object: ApiObject): Promise<void> {
    if (!this.#present.delete(identity(object))) return
    await this.#client.remove(object)
    this.counts.deleted++
    if (object.kind === 'Pod') await this.#letGo(object)
    if (object.kind === 'Namespace') await this.#finalize(object)
  }

  async #letGo(pod: ApiObject): Promise<void> {
    await this.#client.patch(pod, { metadata: { finalizers: null } }).catch((error: unknown) => {
      if (!(error instanceof KubeError && error.status === 404)) throw error
    })
  }

  /** What the namespace controller does when nothing is left in it. */
  async #finalize({ apiVersion, kind, metadata: { name } }: ApiObject): Promise<void> {
    const namespace = { apiVersion, kind, metadata: { name }, spec: { finalizers: [] } }
    await this.#client.put(`/api/v1/namespaces/${name}/finalize`, namespace)
  }
}

function identity(object: ApiObject): string {
  return `${object.kind} ${keyOf(object)}`
}

function isRefusal(error: unknown): error is KubeError {
  return error instanceof KubeError && REFUSALS.has(error.status)
}

/** Whether it is being deleted, and stays. */
function isHeld({ metadata }: ApiObject): boolean {
  return metadata['deletionTimestamp'] !== undefined
}

/** A deletion is not written but asked for; status has a path of its own. */
function withoutStatus(object: ApiObject): ApiObject {
  const { status: _, ...main } = object
  const { deletionTimestamp, ...metadata } = object.metadata
  const finalizers = deletionTimestamp === undefined ? {} : { finalizers: [HOLD] }
  return {
    ...main,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { ...metadata, name: object.metadata.name, ...finalizers },
  }
}
