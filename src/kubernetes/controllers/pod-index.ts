import type { Labels } from '../objects.ts'

interface Labelled {
  readonly namespace: string
  readonly labels: Labels
}

/** Finds Pods by their labels, in the order in which they were given. */
export class PodIndex<P> {
  /** By namespace, label and value. */
  readonly #pods = new Map<string, Map<string, Map<string, P[]>>>()
  readonly #labelled: (pod: P) => Labelled

  constructor(pods: readonly P[], labelled: (pod: P) => Labelled) {
    this.#labelled = labelled
    for (const pod of pods) {
      const { namespace, labels: own } = labelled(pod)
      const labels = entry(this.#pods, namespace, () => new Map<string, Map<string, P[]>>())
      for (const [key, value] of Object.entries(own)) {
        const values = entry(labels, key, () => new Map<string, P[]>())
        entry(values, value, (): P[] => []).push(pod)
      }
    }
  }

  /** The Pods of the namespace that have all the labels; none for an empty selector. */
  select(namespace: string, selector: Labels): readonly P[] {
    const labels = this.#pods.get(namespace)
    if (labels === undefined) return []
    const pairs = Object.entries(selector)
    let fewest: readonly P[] | undefined
    for (const [key, value] of pairs) {
      const list = labels.get(key)?.get(value) ?? []
      if (fewest === undefined || list.length < fewest.length) fewest = list
    }
    if (fewest === undefined || pairs.length === 1) return fewest ?? []
    return fewest.filter((pod) => hasLabels(this.#labelled(pod), pairs))
  }
}

/** Whether an object has all of the labels, given as pairs of key and value. */
export function hasLabels(
  { labels }: { readonly labels: Labels },
  pairs: readonly [string, string][],
): boolean {
  return pairs.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const existing = map.get(key)
  if (existing !== undefined) return existing
  const made = make()
  map.set(key, made)
  return made
}
