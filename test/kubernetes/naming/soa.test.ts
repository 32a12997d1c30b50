import { expect, test } from 'vitest'
import { NamingContext } from '../../../src/kubernetes/naming/naming-context.ts'
import { negativeSoa } from '../../../src/kubernetes/naming/soa.ts'
import { ClusterStore } from '../../../src/kubernetes/cluster-store.ts'
import { asDomainName } from '../../../src/wire/name.ts'
import { namespace } from '../../helpers/cluster.ts'

const ZONE = asDomainName('cluster.local.')

test('negativeSoa is made once for all negative answers between two changes', () => {
  const { context } = contextAt(100)
  expect(negativeSoa(ZONE, context)).toBe(negativeSoa(ZONE, context))
})

test('negativeSoa has the serial of the latest change', () => {
  const { context, clock, store } = contextAt(100)
  expect(negativeSoa(ZONE, context).rdatas).toMatchObject([{ serial: 100 }])
  clock.seconds = 107
  expect(negativeSoa(ZONE, context).rdatas).toMatchObject([{ serial: 100 }])
  store.apply(namespace('shop'))
  expect(negativeSoa(ZONE, context).rdatas).toMatchObject([{ serial: 107 }])
})

test('negativeSoa spells the zone as each asker does', () => {
  const { context } = contextAt(100)
  for (const origin of ['cluster.local.', 'CLUSTER.local.', '10.in-addr.arpa.', 'cluster.local.'].map(
    asDomainName,
  )) {
    const { owner, rdatas } = negativeSoa(origin, context)
    expect(owner).toBe(origin)
    expect(rdatas).toMatchObject([{ mname: `ns.dns.${origin}`, rname: `hostmaster.${origin}` }])
  }
})

function contextAt(seconds: number) {
  const clock = { seconds }
  const store = new ClusterStore({ nowSeconds: () => clock.seconds })
  const options = {
    zones: [ZONE],
    primaryZone: ZONE,
    ttlSeconds: 30,
    pods: 'disabled',
    endpoints: true,
    ignoreEmptyService: false,
    endpointPodNames: false,
    zonal: false,
    ptr: 'all',
    explain: 'full',
    ownAddresses: () => [],
    fallsThrough: () => false,
  } as const
  return { clock, store, context: new NamingContext(options, store) }
}
