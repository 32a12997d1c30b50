import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ENDPOINT_SLICES, SERVICES } from '../../../../src/kubernetes/api/api-resource.ts'
import { Problems } from '../../../../src/kubernetes/api/codec/problems.ts'
import { SharedPorts } from '../../../../src/kubernetes/api/codec/shared-ports.ts'
import { shrinkEndpointPorts } from '../../../../src/kubernetes/api/codec/shrink-ports.ts'
import { encodeList } from '../../../helpers/api-protobuf.ts'
import { codecOf, decodeList } from './decode-harness.ts'

const never = (): never => {
  throw new Error('read again')
}

const PORT = { name: 'http', protocol: 'TCP', port: 80 }

test('SharedPorts reads octets once, and those with something wrong each time', () => {
  const shared = new SharedPorts(shrinkEndpointPorts, new Problems())
  const ports = shared.shareOctets('good', () => [PORT])
  expect(shared.shareOctets('good', never)).toBe(ports)
  expect(shared.shareOctets('the same, written in another way', () => [PORT])).toBe(ports)
  shared.shareOctets('bad', () => [{ ...PORT, port: -1 }])
  expect(() => shared.shareOctets('bad', never)).toThrow('read again')
})

test('SharedPorts goes on reading octets once when more than it keeps never came again', () => {
  const shared = new SharedPorts(shrinkEndpointPorts, new Problems())
  for (let index = 0; index < 10_000; index++) shared.shareOctets(`${index}`, () => [PORT])
  let reads = 0
  for (let time = 0; time < 3; time++) {
    shared.shareOctets('common', () => {
      reads += 1
      return [PORT]
    })
  }
  expect(reads).toBe(1)
})

test.each([ENDPOINT_SLICES, SERVICES])(
  'objects of one $kind list have the ports that each has by itself',
  (resource) => {
    const port = fc.record(
      {
        name: fc.constantFrom('http', 'dns', 'Not a label', ''),
        port: fc.constantFrom(80, 53, 70_000),
        protocol: fc.constantFrom('TCP', 'UDP', 'IPv6'),
        appProtocol: fc.constantFrom('h2c', 'x'.repeat(300)),
      },
      { requiredKeys: ['port'] },
    )
    const list = fc.array(fc.array(port, { maxLength: 3 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(list, (portLists) => {
        const objects = portLists.map((ports, index) => {
          const fields =
            resource === SERVICES
              ? { spec: { clusterIP: '10.96.0.1', ports } }
              : { addressType: 'IPv4', endpoints: [], ports }
          return {
            apiVersion: 'v1',
            kind: resource.kind,
            metadata: { namespace: 'shop', name: `web-${index}` },
            ...fields,
          }
        })
        const itemsOf = (some: typeof objects) =>
          decodeList(codecOf('bin', resource), encodeList(resource.kind, { resourceVersion: '1' }, some))
            .items
        expect(itemsOf(objects)).toEqual(objects.flatMap((object) => itemsOf([object])))
      }),
    )
  },
)
