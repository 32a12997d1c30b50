import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { describe, expect, test } from 'vitest'

import { type ApiItem, MalformedStream } from '../../../../src/kubernetes/api/api-event.ts'
import { NAMESPACES, SERVICES } from '../../../../src/kubernetes/api/api-resource.ts'
import { ProtobufWriter } from '../../../helpers/protobuf-writer.ts'
import { encodeList } from '../../../helpers/api-protobuf.ts'
import { codecOf, decodeList, decodeWatch, jsonList } from './decode-harness.ts'

const MAGIC = Buffer.from('k8s\0', 'latin1')

describe('an object that is wrong in itself', () => {
  test.each([
    ['spec of the wrong type', [field(2, 'text', 'x')], 'ends inside a number'],
    ['spec that is a number', [field(2, 'integer', 5)], 'field 2 has wire type 0'],
    ['spec with an unknown wire type', [field(2, 'octets', [0x0b])], 'field 1 has wire type 3'],
    ['field without a number', [field(2, 'octets', [0x02, 0x00])], 'a field without a number'],
    ['number of eleven octets', [field(2, 'octets', [0x68, ...Array<number>(10).fill(0x80), 1])], '64 bits'],
    ['length beyond the end', [field(2, 'octets', [0x1a, 0x7f, 0x61])], 'longer than what holds it'],
    ['length of 2^63', [field(2, 'octets', [0x1a, ...Array<number>(9).fill(0xff), 1])], 'longer than what'],
    ['length that ends early', [field(2, 'octets', [0x1a])], 'ends inside a number'],
  ])('in protobuf is named and set aside: %s', (_what, fields, why) => {
    const broken = message(field(1, 'octets', metadata('shop', 'db')), ...fields)
    const good = message(field(1, 'octets', metadata('shop', 'web')))
    const { items } = decodeList(codecOf('bin', SERVICES), list('ServiceList', [broken, good]))
    expect(items).toMatchObject([
      { namespace: 'shop', name: 'db', resourceVersion: '5', object: undefined },
      { namespace: 'shop', name: 'web', object: { name: 'web' }, problems: [] },
    ])
    expect(items[0]?.problems).toEqual([expect.stringContaining(why)])
  })

  test.each([
    [{ spec: 'x' }, 'spec is no object'],
    [{ spec: { clusterIP: 5 } }, 'clusterIP is no text'],
    [{ spec: { clusterIPs: [5] } }, 'clusterIPs holds what is no text'],
    [{ spec: { ports: {} } }, 'ports is no list'],
    [{ spec: { ports: [{ port: '80' }] } }, 'port is no number'],
    [{ spec: { publishNotReadyAddresses: 'yes' } }, 'publishNotReadyAddresses is neither true nor false'],
    [{ status: { loadBalancer: { ingress: [null, 'x'] } } }, 'ingress is no object'],
  ])('in JSON is named and set aside: %j', (fields, why) => {
    const meta = { name: 'db', namespace: 'shop', resourceVersion: '5' }
    const object = { apiVersion: 'v1', kind: 'Service', metadata: meta, ...fields }
    const { items } = decodeList(codecOf('json', SERVICES), jsonList(SERVICES, [object]))
    expect(items).toMatchObject([{ namespace: 'shop', name: 'db', resourceVersion: '5', object: undefined }])
    expect(items[0]?.problems).toEqual([`it cannot be served: ${why}`])
  })

  test('breaks the stream where it cannot be told which object it is', () => {
    const nameless = [
      metadata('shop', ''),
      metadata('', 'db'),
      [0x0a, 0x7f],
      Buffer.from('\n\x02db\x1b', 'latin1'),
    ].map((octets) => message(field(1, 'octets', octets)))
    for (const object of nameless) {
      expect(() => decodeList(codecOf('bin', SERVICES), list('ServiceList', [object]))).toThrow(
        MalformedStream,
      )
    }
    for (const item of [null, 5, [], {}, { metadata: { name: 'db' } }, { metadata: { namespace: 'shop' } }]) {
      const octets = Buffer.from(
        JSON.stringify({ kind: 'ServiceList', metadata: { resourceVersion: '1' }, items: [item] }),
      )
      expect(() => decodeList(codecOf('json', SERVICES), octets), JSON.stringify(item)).toThrow(
        MalformedStream,
      )
    }
  })

  test('in a watch is told with the event', () => {
    const event = {
      type: 'MODIFIED',
      object: { kind: 'Service', metadata: { name: 'a', namespace: 'b' }, spec: [] },
    }
    expect(decodeWatch(codecOf('json', SERVICES), Buffer.from(JSON.stringify(event)))).toMatchObject([
      { type: 'MODIFIED', item: { name: 'a', object: undefined, problems: [expect.anything()] } },
    ])
  })

  test('is a Namespace where it stands in one', () => {
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', namespace: 'b' } }
    const octets = encodeList('Namespace', { resourceVersion: '1' }, [object])
    expect(() => decodeList(codecOf('bin', NAMESPACES), octets)).toThrow(MalformedStream)
  })
})

describe('fields that are not read', () => {
  test('are stepped over, whatever their wire type', () => {
    const unknown = [
      field(99, 'integer', 2 ** 40),
      field(100, 'text', 'x'),
      Uint8Array.of(0x89, 0x20, 1, 2, 3, 4, 5, 6, 7, 8),
      Uint8Array.of(0x8d, 0x20, 1, 2, 3, 4),
    ]
    const spec = message(...unknown, field(3, 'text', '10.96.0.1'), ...unknown)
    const object = message(...unknown, field(1, 'octets', metadata('shop', 'db')), field(2, 'octets', spec))
    const { items } = decodeList(codecOf('bin', SERVICES), list('ServiceList', [object], unknown))
    expect(items).toMatchObject([{ object: { clusterIPs: [0x0a600001] }, problems: [] }])
  })

  test('K36 annotations and managedFields of 1 MB are dropped: their memory is not kept', async () => {
    const before = await usedOctets()
    const large = itemsWith(1_000_000, 'http')
    expect((await usedOctets()) - before).toBeLessThan(500_000)
    expect(large).toEqual(itemsWith(0, 'http'))
  })

  test('K36 a text of 1 MB that cannot be served is shown in part, and not kept', async () => {
    const before = await usedOctets()
    const items = itemsWith(0, 'x'.repeat(1_000_000))
    // Nothing may look at the sentences before: then they would be made anew.
    expect((await usedOctets()) - before).toBeLessThan(500_000)
    const problem = `port name "${'x'.repeat(80)}…" is not a DNS label; this port has no name`
    expect(items.map(({ problems }) => problems)).toEqual([[problem], [problem]])
  })
})

/** After a collection of garbage; what held octets goes a moment later. */
async function usedOctets(): Promise<number> {
  setFlagsFromString('--expose-gc')
  for (let count = 0; count < 3; count++) {
    runInNewContext('gc')()
    await setImmediate()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** The same Service from both encodings. Nothing else of it is left on the stack. */
function itemsWith(paddingOctets: number, portName: string): readonly ApiItem[] {
  const padding = 'x'.repeat(paddingOctets)
  const meta = {
    name: 'db',
    namespace: 'shop',
    resourceVersion: '5',
    annotations: { note: padding },
    managedFields: [{ manager: padding, operation: 'Apply' }],
  }
  const spec = { clusterIP: '10.96.0.1', ports: [{ name: portName, port: 80 }] }
  const object = { apiVersion: 'v1', kind: 'Service', metadata: meta, spec }
  const octets = encodeList('Service', { resourceVersion: '7' }, [object])
  return [
    ...decodeList(codecOf('bin', SERVICES), octets).items,
    ...decodeList(codecOf('json', SERVICES), jsonList(SERVICES, [object])).items,
  ]
}

function metadata(namespace: string, name: string): Uint8Array {
  return message(field(1, 'text', name), field(3, 'text', namespace), field(6, 'text', '5'))
}

function list(kind: string, objects: readonly Uint8Array[], others: readonly Uint8Array[] = []): Uint8Array {
  const items = objects.map((object) => field(2, 'octets', object))
  const raw = message(...others, field(1, 'octets', field(2, 'text', '7')), ...items, ...others)
  const typeMeta = field(1, 'octets', message(field(1, 'text', 'v1'), field(2, 'text', kind)))
  return Buffer.concat([MAGIC, ...others, typeMeta, field(2, 'octets', raw), ...others])
}

function field(number: number, type: 'text' | 'integer' | 'octets', value: unknown): Uint8Array {
  const writer = new ProtobufWriter()
  if (type === 'integer') writer.integer(number, Number(value))
  else if (type === 'text') writer.text(number, String(value))
  else
    writer.message(number, Uint8Array.from(Array.isArray(value) || value instanceof Uint8Array ? value : []))
  return writer.octets()
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields)
}
