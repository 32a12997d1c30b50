import { shuffle } from './shuffle.ts'
import type { Upstream } from './upstream-address.ts'

/** In which order upstreams are asked: each query its own, one further with each query, or always as they stand. */
export type Policy = 'random' | 'round_robin' | 'sequential'

/** Makes what orders the upstreams of a query. `random` gives numbers in [0, 1). */
export function createOrder(
  policy: Policy,
  random: () => number,
): (upstreams: readonly Upstream[]) => readonly Upstream[] {
  let turn = 0
  if (policy === 'sequential') return (upstreams) => upstreams
  if (policy === 'random') return (upstreams) => shuffle(upstreams, random)
  return (upstreams) => {
    turn = (turn + 1) % Math.max(1, upstreams.length)
    return [...upstreams.slice(turn), ...upstreams.slice(0, turn)]
  }
}
