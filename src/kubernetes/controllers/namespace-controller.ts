import type { Namespace } from '../objects.ts'
import { NAMESPACE_NAME } from './labels.ts'
import type { Draft } from './read-metadata.ts'

/** Every cluster has these. */
const INITIAL_NAMESPACES = ['default', 'kube-system'] as const

/** The namespaces: those written, and those that come into being because an object is in them. */
export function makeNamespaces(written: readonly Draft[], inUse: ReadonlySet<string>): Namespace[] {
  const labels = new Map(written.map((draft) => [draft.name, draft.labels]))
  const names = new Set([...INITIAL_NAMESPACES, ...labels.keys(), ...inUse])
  return [...names].toSorted().map((name) => ({
    kind: 'Namespace',
    name,
    labels: { ...labels.get(name), [NAMESPACE_NAME]: name },
  }))
}
