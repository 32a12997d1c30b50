import type { Labels } from '../objects.ts'

interface Labelled {
  readonly namespace: string
  readonly labels: Labels
}

/** Finds Pods by their labels, in the order in which they were given. */
export class PodIndex<P extends Labelled> {
  readonly #byPair = new Map<string, P[]>()

  constructor(pods: readonly P[]) {
    for (const pod of pods) {
      for (const [key, value] of Object.entries(pod.labels)) {
        const pair = pairKey(pod.namespace, key, value)
        const list = this.#byPair.get(pair)
        if (list === undefined) this.#byPair.set(pair, [pod])
        else list.push(pod)
      }
    }
  }

  /** The Pods of the namespace that have all the labels; none for an empty selector. */
  select(namespace: string, selector: Labels): readonly P[] {
    const pairs = Object.entries(selector)
    let fewest: readonly P[] | undefined
    for (const [key, value] of pairs) {
      const list = this.#byPair.get(pairKey(namespace, key, value)) ?? []
      if (fewest === undefined || list.length < fewest.length) fewest = list
    }
    if (pairs.length < 2) return fewest ?? []
    return (fewest ?? []).filter(({ labels }) =>
      pairs.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value),
    )
  }
}

function pairKey(namespace: string, key: string, value: string): string {
  // None of the three can hold a space in an object that Kubernetes takes.
  return `${namespace} ${key} ${value}`
}
