import { loadAll } from 'js-yaml'

import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'
import { createControllers } from '../../src/kubernetes/controllers/controllers.ts'
import type { ManifestProblem } from '../../src/kubernetes/manifests/manifest.ts'
import { createObjectSource } from '../../src/kubernetes/manifests/object-source.ts'
import type { NamingOptions } from '../../src/kubernetes/naming/naming-options.ts'
import { ask, type Cluster, lines, outcome, rulesOver } from './cluster.ts'

/** A cluster made of manifests, whole way: controllers, store, naming rules. */
export interface YamlCluster extends Cluster {
  /** From now on these are all the manifests. `onStep` is called between any two changes, which no query ever is. */
  replace(yaml: string, onStep?: () => void): void
  problems(): readonly ManifestProblem[]
  /** The outcome of `name.namespace TYPE` below svc.cluster.local, without owners and TTLs: `['positive', 'A 10.0.0.1']`. */
  answers(question: string): readonly string[]
  /** The names that an address leads back to. */
  reverse(name: string): readonly string[]
  /** Why a name below svc.cluster.local is what it is. */
  reason(question: string): string
}

export async function yamlCluster(yaml: string, options: Partial<NamingOptions> = {}): Promise<YamlCluster> {
  let problems: readonly ManifestProblem[] = []
  let step: (() => void) | undefined
  const store = new ClusterStore({ nowSeconds: () => 1_700_000_000 })
  const rules = rulesOver(store, options)
  const source = createObjectSource({
    objects: loadAll(yaml),
    build: createControllers(),
    onLoaded: (summary) => {
      problems = summary.problems
    },
  })
  await source.start({
    apply: (object) => {
      const isNew = store.apply(object)
      step?.()
      return isNew
    },
    remove: (reference) => {
      store.remove(reference)
      step?.()
    },
    markSynced: () => store.markSynced(),
    markUnavailable: () => {},
    describe: () => {},
  })
  return {
    store,
    rules,
    replace: (text, onStep) => {
      step = onStep
      source.replace(loadAll(text))
      step = undefined
    },
    problems: () => problems,
    answers: (question) => outcome({ rules }, full(question)).map(short),
    reverse: (name) => lines(ask({ rules }, `${name} PTR`).answer).map(short),
    reason: (question) => ask({ rules }, full(question)).reason.text ?? '',
  }
}

function full(question: string): string {
  return question.replace(/( |$)/, '.svc.cluster.local$1')
}

/** A record without its owner and TTL. */
function short(line: string): string {
  return line.replace(/^\S+ \d+ /, '')
}

/** Their codes, without what all have in common. */
export function codesIn({ problems }: Pick<YamlCluster, 'problems'>): readonly string[] {
  return problems().map(({ code }) => code.replace('SLICEDNS_MANIFEST_', ''))
}
