import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { waitFor } from '../control-plane/wait-for.ts'
import type { ApiObject } from '../helpers/api-object.ts'

/**
 * Applies a folder of manifests with kubectl, unchanged, and plays the parts that a folder leaves to others: its namespaces are made
 * first, and a `status` is written as kubelets and cloud controllers write it, since kubectl leaves it out. Resolves when its Pods
 * are ready.
 */
export async function applyFolder(plane: ControlPlane, folder: string): Promise<void> {
  const objects = await readManifests(folder)
  const namespaces = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))
  await plane.client.ensure(
    [...namespaces].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  )
  await plane.apply(folder).catch(async (error: unknown) => {
    // A controller made an object of the folder just before kubectl did; the second time it is there to be changed.
    if (!String(error).includes('AlreadyExists')) throw error
    await plane.apply(folder)
  })
  const pods = objects.filter(({ kind }) => kind === 'Pod')
  await waitFor('all Pods are ready', async () =>
    (await Promise.all(pods.map((pod) => isReady(plane, pod)))).every(Boolean),
  )
  for (const object of objects) {
    if (object['status'] !== undefined) {
      await plane.client.patch(object, { status: statusOf(object['status']) }, 'status')
    }
  }
}

/** The objects of all YAML files of the folder, in order. */
export async function readManifests(folder: string): Promise<readonly ApiObject[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.flatMap((text) => loadAll(text).filter(isApiObject))
}

function isApiObject(document: unknown): document is ApiObject {
  return typeof document === 'object' && document !== null && 'kind' in document
}

export async function isReady(plane: ControlPlane, pod: ApiObject): Promise<boolean> {
  const { status } = await plane.client.read(pod)
  return JSON.stringify(status).includes('"type":"Ready","status":"True"') || hasTrueReady(status)
}

function hasTrueReady(status: unknown): boolean {
  return /\{[^{}]*"status":"True"[^{}]*"type":"Ready"[^{}]*\}/.test(JSON.stringify(status))
}

/** The API wants `podIPs` to begin with `podIP`. */
function statusOf(status: unknown): object {
  if (typeof status !== 'object' || status === null) return {}
  return 'podIP' in status ? { podIPs: [{ ip: status.podIP }], ...status } : status
}
