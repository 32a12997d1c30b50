import { describe, expect, test } from 'vitest'

import { composeQuery, digArguments } from './compose-query.ts'
import { composeCorefile, PROFILES } from './corefiles.ts'
import { makeQuery } from './make-case.ts'
import { generateCluster } from './objects.ts'
import { generateQueries, TYPES } from './queries.ts'
import { createRandom } from './random.ts'
import { corefileFromText } from '../../src/cli/read-corefile.ts'

const cluster = generateCluster(createRandom(1))

describe('generateCluster', () => {
  test('equal seeds give equal objects, others differ', () => {
    expect(generateCluster(createRandom(1))).toEqual(cluster)
    expect(generateCluster(createRandom(2))).not.toEqual(cluster)
  })

  test('no two objects are the same one', () => {
    const keys = cluster.objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`)
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('generateQueries', () => {
  test.each(PROFILES)(
    'asks at least 5,000 questions of $name, with every type at every kind of name',
    (profile) => {
      const queries = generateQueries(cluster, profile, createRandom(7))
      expect(queries.length).toBeGreaterThan(5000)
      const byName = Map.groupBy(queries, ({ kind, state }) => `${kind} of ${state}`)
      const missing = [...byName].filter(([, ofName]) => {
        const asked = new Set(ofName.map(({ type }) => type))
        return !Object.values(TYPES).every((type) => asked.has(type))
      })
      expect(missing).toEqual([])
    },
  )

  test('equal seeds give equal questions', () => {
    const [profile] = PROFILES
    if (profile === undefined) throw new Error('there is no profile')
    const first = generateQueries(cluster, profile, createRandom(7))
    expect(generateQueries(cluster, profile, createRandom(7))).toEqual(first)
  })

  test('every question can be composed', () => {
    const profiles = PROFILES.filter(({ name }) => name === 'kubeadm' || name === 'ranges')
    const octets = profiles.flatMap((profile) =>
      generateQueries(cluster, profile, createRandom(3)).map(composeQuery),
    )
    expect(octets.every(({ length }) => length >= 17)).toBe(true)
  })
})

describe('composeCorefile', () => {
  test.each(PROFILES)('$name is a Corefile, the same for both but for one line', (profile) => {
    const ours = composeCorefile(profile, { upstreamPort: 5353 })
    expect(corefileFromText(ours, 'Corefile').serverBlocks).toHaveLength(1)
    const dataSource = 'endpoint http://127.0.0.1:8001'
    const theirs = composeCorefile(profile, { upstreamPort: 5353, dataSource })
    expect(theirs.replace(`        ${dataSource}\n`, '')).toBe(ours)
  })
})

describe('digArguments', () => {
  test('says how to ask again', () => {
    const query = makeQuery('web.shop.svc.cluster.local. A', {
      tcp: false,
      edns: { udpPayloadSize: 1232, dnssecOk: true, options: [] },
    })
    expect(digArguments(query)).toBe(
      "+noadflag +bufsize=1232 +dnssec +notcp +ignore -t TYPE1 -q 'web.shop.svc.cluster.local.' # A",
    )
  })
})
