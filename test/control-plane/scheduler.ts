import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiObject } from '../helpers/api-object.ts'
import type { KubeClient } from './kube-client.ts'

const PERIOD_MS = 50
const AT_ONCE = 16

interface PodList {
  readonly items: readonly ApiObject[]
}

/** Puts every Pod that stands on no Node on the one there is, as kube-scheduler would, until the signal. */
export async function schedulePods(client: KubeClient, node: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const { items } = await client.get<PodList>('/api/v1/pods?fieldSelector=spec.nodeName%3D&limit=500')
      for (let from = 0; from < items.length; from += AT_ONCE) {
        await Promise.allSettled(items.slice(from, from + AT_ONCE).map((pod) => bind(client, pod, node)))
      }
    } catch {
      // The API server is away: tests stop it.
    }
    await sleep(PERIOD_MS)
  }
}

/** A Pod that is gone meanwhile needs no Node. */
async function bind(client: KubeClient, { metadata }: ApiObject, node: string): Promise<void> {
  const { namespace = 'default', name } = metadata
  await client.post(`/api/v1/namespaces/${namespace}/pods/${name}/binding`, {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name },
    target: { apiVersion: 'v1', kind: 'Node', name: node },
  })
}
