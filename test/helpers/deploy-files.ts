import { loadAll } from 'js-yaml'

import { readTree } from './source-tree.ts'

/** An object of a YAML file that ships, and where it stands. */
export interface DeployObject {
  /** From the repository's root, with forward slashes. */
  readonly path: string
  readonly kind: string
  readonly name: string
  readonly object: unknown
}

/** Every object below deploy/, in the order of paths and documents. */
export function deployObjects(): DeployObject[] {
  return readTree('deploy', ['.yaml']).flatMap(({ path, text }) =>
    loadAll(text).map((object) => ({
      path,
      kind: textAt(object, 'kind'),
      name: textAt(object, 'metadata.name'),
      object,
    })),
  )
}

/** Files that `kubectl apply -f deploy/` reads: those of the folder itself. */
export function isApplied({ path }: DeployObject): boolean {
  return /^deploy\/[^/]+$/.test(path)
}

/** The specs of a Pod or of the Pods that a workload makes; undefined for other kinds. */
export function podSpecOf({ kind, object }: DeployObject): unknown {
  if (kind === 'Pod') return at(object, 'spec')
  return at(object, 'spec.template.spec')
}

/** Containers of a Pod's spec, those that start first first. */
export function containersOf(podSpec: unknown): unknown[] {
  return [...listAt(podSpec, 'initContainers'), ...listAt(podSpec, 'containers')]
}

/** What stands at a path such as `spec.ports.0.name`; undefined where something on the way is missing. */
export function at(value: unknown, path: string): unknown {
  let here = value
  for (const key of path.split('.')) {
    if (typeof here !== 'object' || here === null) return undefined
    here = new Map<string, unknown>(Object.entries(here)).get(key)
  }
  return here
}

/** A list; empty where none stands there. */
export function listAt(value: unknown, path: string): unknown[] {
  const found = at(value, path)
  return Array.isArray(found) ? found : []
}

/** A text; empty where none stands there. */
export function textAt(value: unknown, path: string): string {
  const found = at(value, path)
  return typeof found === 'string' ? found : ''
}

/** The members of an object with text values, such as labels. */
export function textsAt(value: unknown, path: string): ReadonlyMap<string, string> {
  const found = at(value, path)
  if (typeof found !== 'object' || found === null) return new Map()
  return new Map(Object.entries(found).map(([key, text]) => [key, String(text)]))
}
