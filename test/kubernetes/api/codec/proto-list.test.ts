import { describe, expect, test } from 'vitest'

import { MalformedStream } from '../../../../src/kubernetes/api/api-event.ts'
import { ENDPOINT_SLICES, SERVICES } from '../../../../src/kubernetes/api/api-resource.ts'
import { encodeList, encodeStatus } from '../../../helpers/api-protobuf.ts'
import { codecOf, decodeList, fixture } from './decode-harness.ts'

const codec = codecOf('bin', SERVICES)

describe('a list in protobuf', () => {
  test('gives its items while it arrives', () => {
    const octets = fixture('services.bin')
    const decoder = codec.listDecoder()
    expect(decoder.push(octets.subarray(0, 50))).toEqual([])
    expect(decoder.push(octets.subarray(50, 3000)).map(({ name }) => name)).toEqual(['db', 'ext', 'lb'])
    expect(decoder.push(octets.subarray(3000)).map(({ name }) => name)).toEqual(['legacy', 'peers', 'web'])
    expect(decoder.end()).toEqual({ resourceVersion: '292', continueToken: '' })
  })

  test('without items is one', () => {
    const { items, end } = decodeList(
      codec,
      encodeList('Service', { resourceVersion: '1', continue: 'more' }, []),
    )
    expect({ items, end }).toEqual({ items: [], end: { resourceVersion: '1', continueToken: 'more' } })
  })

  test('K16 that is cut off anywhere is not complete', () => {
    const octets = encodeList('Service', { resourceVersion: '1' }, [service('a'), service('b')])
    // After the list come two empty texts of the envelope, which nobody misses.
    const end = octets.length - 4
    for (let size = 0; size < end; size++) {
      expect(() => decodeList(codec, octets.subarray(0, size)), `${size} octets`).toThrow(MalformedStream)
    }
    expect(decodeList(codec, octets.subarray(0, end)).items).toHaveLength(2)
  })

  test('without a resourceVersion, or of other objects, is none', () => {
    expect(() => decodeList(codec, encodeList('Service', { resourceVersion: '' }, []))).toThrow(
      'the list has no resourceVersion',
    )
    expect(() => decodeList(codec, fixture('pods.bin'))).toThrow('the octets are no ServiceList')
    expect(() => decodeList(codecOf('bin', ENDPOINT_SLICES), encodeStatus({ code: 500 }))).toThrow(
      'the octets are no EndpointSliceList',
    )
  })

  test.each([
    ['nothing', ''],
    ['JSON', '{"kind":"ServiceList"}'],
    ['HTML', '<html>'],
    ['another magic', 'k8s\x01'],
    ['a group', 'k8s\0\x0b'],
    ['a number of eleven octets', `k8s\0\x08${'\x80'.repeat(11)}`],
    ['an item beyond the list', 'k8s\0\x12\x04\x12\x7fab'],
    ['a field that the list cuts off', 'k8s\0\x12\x01\x12\x01a'],
    ['an endless length', `k8s\0\x12\x02\x12${'\xff'.repeat(9)}\x01`],
    ['two lists', 'k8s\0\x12\x00\x12\x00'],
    ['a kind that cannot be read', 'k8s\0\x0a\x02\x12\x7f'],
    ['no kind', 'k8s\0\x12\x05\x0a\x03\x12\x011'],
  ])('is not %s', (_what, text) => {
    const octets = Buffer.from(text, 'latin1')
    expect(() => decodeList(codec, octets)).toThrow(MalformedStream)
    expect(() => decodeList(codec, octets, 1)).toThrow(MalformedStream)
  })

  test('with an item beyond 16 MiB is refused before its octets come', () => {
    const decoder = codec.listDecoder()
    const length = [0x81, 0x80, 0x80, 0x08]
    const list = Uint8Array.of(...Buffer.from('k8s\0'), 0x12, 0x90, 0x80, 0x80, 0x08, 0x12, ...length)
    expect(() => decoder.push(list)).toThrow('an object has more than 16777216 octets')
  })

  test('with a field of 100 MB that nobody reads is read on after it', () => {
    const decoder = codec.listDecoder()
    const size = 100_000_000
    const skipped = [0x9a, 0x06, ...varint(size)]
    const rest = [...Buffer.from(encodeList('Service', { resourceVersion: '9' }, [])).subarray(4)]
    decoder.push(Uint8Array.of(...Buffer.from('k8s\0'), ...skipped))
    const chunk = new Uint8Array(1_000_000)
    for (let count = 0; count < 100; count++) decoder.push(chunk)
    decoder.push(Uint8Array.from(rest))
    expect(decoder.end().resourceVersion).toBe('9')
  })
})

describe('K16 an object of 1.5 MB', () => {
  test('arrives in pieces, with others before and after it', () => {
    const large = {
      ...service('large'),
      metadata: { ...service('large').metadata, annotations: { x: 'ü'.repeat(750_000) } },
    }
    const octets = encodeList('Service', { resourceVersion: '1' }, [service('a'), large, service('b')])
    for (const size of [16_384, 65_536, 1_000_003]) {
      expect(decodeList(codec, octets, size).items.map(({ name }) => name)).toEqual(['a', 'large', 'b'])
    }
  })
})

function service(name: string): Parameters<typeof encodeList>[2][number] {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop', resourceVersion: '5' } }
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
}
