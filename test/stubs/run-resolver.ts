import type { Lookup } from './lookups.ts'
import type { Outcome, Resolver, RunningResolver } from './resolver.ts'
import type { ServedLabs } from './served-labs.ts'
import { judge, type Result } from './verdict.ts'

const WARM_UP = 'clusterip1.default.svc.cluster.local.'

/**
 * Starts the resolver, asks it one lookup after the other and ends it. A lookup without an outcome is a failed one, and
 * the last: what a stuck program says later would be taken for the answer to the next. Rejects where it cannot start.
 */
export async function runResolver(
  resolver: Resolver,
  lookups: readonly Lookup[],
  labs: ServedLabs,
  folder: string,
): Promise<readonly Result[]> {
  const running = await resolver.start(folder)
  const results: Result[] = []
  try {
    // The first lookup of a program also loads code: it is not counted.
    await running.lookUp('any', WARM_UP)
    await labs.takeQueries()
    for (const lookup of lookups.filter(({ kind }) => resolver.kinds.includes(kind))) {
      const { outcome, isStuck } = await ask(running, lookup)
      results.push(judge(resolver, lookup, outcome, await labs.takeQueries()))
      if (isStuck) break
    }
  } finally {
    await running.close()
  }
  return results
}

async function ask(
  running: RunningResolver,
  { kind, subject }: Lookup,
): Promise<{ outcome: Outcome; isStuck: boolean }> {
  const startMs = performance.now()
  try {
    return { outcome: await running.lookUp(kind, subject), isStuck: false }
  } catch (error) {
    const elapsedMs = performance.now() - startMs
    return { outcome: { elapsedMs, found: [], error: String(error).split('\n', 1).join('') }, isStuck: true }
  }
}
