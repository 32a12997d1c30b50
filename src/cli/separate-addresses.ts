import type { ListenPlan } from './plan-blocks.ts'

const ALL_IPV4 = '0.0.0.0'
const ALL = '::'

/**
 * Where on one port some blocks are bound to an address and others to all, the system would refuse the second socket:
 * those of all addresses are then opened one by one, without the addresses that are somebody else's. `hostAddresses`
 * gives every address of the host.
 */
export function separateAddresses(
  plans: readonly ListenPlan[],
  hostAddresses: () => readonly string[],
): readonly ListenPlan[] {
  const byPort = Map.groupBy(plans, (plan) => plan.port)
  return [...byPort].flatMap(([port, samePort]) =>
    samePort.length > 1 && port !== 0 && samePort.some(isWildcard)
      ? separate(samePort, hostAddresses())
      : samePort,
  )
}

/** As the system does with overlapping sockets: the more exact one gets the query. */
function separate(plans: readonly ListenPlan[], hostAddresses: readonly string[]): readonly ListenPlan[] {
  const taken = new Map<string, ListenPlan>()
  for (const plan of plans.toSorted((a, b) => width(a) - width(b))) {
    for (const address of addressesOf(plan, hostAddresses))
      if (!taken.has(address)) taken.set(address, { ...plan, address })
  }
  return [...taken.values()]
}

function addressesOf({ address }: ListenPlan, hostAddresses: readonly string[]): readonly string[] {
  if (address === undefined || address === ALL) return hostAddresses
  if (address === ALL_IPV4) return hostAddresses.filter((own) => !own.includes(':'))
  return [address]
}

function isWildcard(plan: ListenPlan): boolean {
  return width(plan) > 0
}

function width({ address }: ListenPlan): number {
  if (address === undefined) return 3
  if (address === ALL) return 2
  return address === ALL_IPV4 ? 1 : 0
}
