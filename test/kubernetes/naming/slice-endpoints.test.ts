import { expect, test } from 'vitest'
import { readEndpoints } from '../../../src/kubernetes/naming/service-endpoints.ts'
import { sliceEndpoints } from '../../../src/kubernetes/naming/slice-endpoints.ts'
import { endpoint, service, slice } from '../../helpers/cluster.ts'

const OPTIONS = { endpoints: true, endpointPodNames: false }

test('sliceEndpoints gives each address its label, family and ports, and leaves out what is neither address nor host name', () => {
  const found = sliceEndpoints(
    slice('a/s-1', 's', {
      ports: ['p:1', ':2'],
      endpoints: ['10.0.0.1', endpoint('fd00::1', { hostname: 'Pod' }), 'db..example.com', 'db.example.com'],
    }),
    OPTIONS,
  )
  expect(
    found.map(({ named: { label, addresses, alias, ports } }) => [label, addresses, alias, ports.length]),
  ).toEqual([
    ['10-0-0-1', { a: [{ kind: 'A', address: 0x0a000001 }], aaaa: [] }, undefined, 2],
    ['pod', { a: [], aaaa: [{ kind: 'AAAA', address: 0xfd000000000000000000000000000001n }] }, undefined, 2],
    ['db-example-com', { a: [], aaaa: [] }, 'db.example.com.', 2],
  ])
})

test('K24 a change of one slice makes nothing of the others anew', () => {
  const others = [1, 2, 3].map((number) =>
    slice(`a/s-${number}`, 's', { endpoints: [`10.0.0.${number}`, `10.0.1.${number}`] }),
  )
  const entry = { namespace: 'a', name: 's', service: service('a/s') }
  const before = readEndpoints(
    { ...entry, slices: [...others, slice('a/s-4', 's', { endpoints: ['10.0.0.4'] })] },
    OPTIONS,
  )
  const after = readEndpoints(
    { ...entry, slices: [...others, slice('a/s-4', 's', { endpoints: ['10.0.0.5'] })] },
    OPTIONS,
  )
  const kept = [...after.byLabel].filter(([label, named]) => before.byLabel.get(label) === named)
  expect(kept).toHaveLength(6)
  expect([...after.byLabel.keys()].filter((label) => !before.byLabel.has(label))).toEqual(['10-0-0-5'])
})
