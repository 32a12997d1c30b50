import type { ApiObject } from '../../helpers/api-object.ts'
import type { ApiClient } from './api-client.ts'

/** The Pods of a script as they were written last. None is changed right before it is removed. */
export class ScriptPods {
  readonly #client: ApiClient
  readonly #pods = new Map<string, ApiObject>()

  constructor(client: ApiClient) {
    this.#client = client
  }

  async create(name: string, tier: string): Promise<number> {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'default', name, labels: { tier } },
      spec: { containers: [{ name: 'main', image: 'none' }] },
      status: { phase: 'Pending' },
    }
    await this.#client.subject.create(pod)
    this.#pods.set(name, pod)
    return this.#client.remember()
  }

  async relabel(name: string, tier: string): Promise<number> {
    const pod = this.#pod(name)
    return this.#update(pod, { ...pod, metadata: { ...pod.metadata, labels: { tier } } })
  }

  async setStatus(name: string, phase: string, ip: string): Promise<number> {
    const pod = this.#pod(name)
    return this.#update(pod, { ...pod, status: { phase, podIP: ip, podIPs: [{ ip }] } })
  }

  async remove(name: string): Promise<void> {
    await this.#client.subject.remove(this.#pod(name))
    this.#pods.delete(name)
  }

  async removeAll(): Promise<void> {
    for (const name of this.#pods.keys()) await this.remove(name)
  }

  async #update(before: ApiObject, after: ApiObject): Promise<number> {
    await this.#client.subject.update(before, after)
    this.#pods.set(after.metadata.name, after)
    return this.#client.remember()
  }

  #pod(name: string): ApiObject {
    const pod = this.#pods.get(name)
    if (pod === undefined) throw new RangeError(`There is no Pod ${name}`)
    return pod
  }
}
