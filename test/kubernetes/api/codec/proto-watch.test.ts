import { describe, expect, test } from 'vitest'

import { MalformedStream } from '../../../../src/kubernetes/api/api-event.ts'
import { SERVICES } from '../../../../src/kubernetes/api/api-resource.ts'
import { encodeWatchEvent } from '../../../helpers/api-protobuf.ts'
import { ProtobufWriter } from '../../../helpers/protobuf-writer.ts'
import { codecOf, decodeWatch, fixture } from './decode-harness.ts'

const codec = codecOf('bin', SERVICES)
const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'db', namespace: 'shop', resourceVersion: '5' },
}

describe('a watch in protobuf', () => {
  test('tells each event as its last octet comes', () => {
    const octets = encodeWatchEvent('DELETED', SERVICE)
    const decoder = codec.watchDecoder()
    for (const octet of octets.subarray(0, -1)) expect(decoder.push(Uint8Array.of(octet))).toEqual([])
    expect(decoder.push(octets.subarray(-1))).toMatchObject([
      { type: 'DELETED', item: { namespace: 'shop', name: 'db', resourceVersion: '5' } },
    ])
  })

  test('tells bookmarks, the end of the initial events among them', () => {
    const octets = Buffer.concat([
      bookmark({}),
      bookmark({ 'k8s.io/initial-events-end': 'true' }),
      bookmark({ 'k8s.io/initial-events-end': 'false' }),
    ])
    expect(decodeWatch(codec, octets)).toEqual(
      [false, true, false].map((isInitialEventsEnd) => ({
        type: 'BOOKMARK',
        resourceVersion: '9',
        isInitialEventsEnd,
      })),
    )
  })

  test('tells errors with their status', () => {
    const status = { apiVersion: 'v1', kind: 'Status', code: 429, details: { retryAfterSeconds: 2 } }
    expect(decodeWatch(codec, encodeWatchEvent('ERROR', status))).toEqual([
      { type: 'ERROR', status: { code: 429, reason: '', message: '', retryAfterSeconds: 2 } },
    ])
  })

  test.each([
    ['of other objects', encodeWatchEvent('ADDED', { ...SERVICE, kind: 'Pod' })],
    ['of a status', encodeWatchEvent('MODIFIED', { apiVersion: 'v1', kind: 'Status', code: 500 })],
    ['of no type', frame(event('', [107, 56, 115, 0]))],
    ['without an object', frame(event('ADDED', []))],
    ['with an object in no envelope', frame(event('ADDED', [1, 2, 3, 4, 5]))],
    ['of an unknown type', renamed(encodeWatchEvent('ADDED', SERVICE))],
    ['that is empty', Uint8Array.of(0, 0, 0, 0)],
    ['that is JSON', fixture('watch-expired.json')],
    ['that is a list', fixture('services.bin')],
    ['that is longer than its parts', frame([0x0a, 0x7f, 0x41])],
  ])('K16 with an event %s is broken', (_what, octets) => {
    expect(() => decodeWatch(codec, octets)).toThrow(MalformedStream)
  })

  test('with an event beyond 16 MiB is refused before its octets come', () => {
    expect(() => codec.watchDecoder().push(Uint8Array.of(1, 0, 0, 1))).toThrow('more than 16777216 octets')
    expect(codec.watchDecoder().push(Uint8Array.of(1, 0, 0, 0))).toEqual([])
  })

  test('K16 with an event of 1.5 MB goes on after it', () => {
    const annotations = { large: 'x'.repeat(1_500_000) }
    const large = encodeWatchEvent('ADDED', { ...SERVICE, metadata: { ...SERVICE.metadata, annotations } })
    const octets = Buffer.concat([large, encodeWatchEvent('DELETED', SERVICE)])
    expect(decodeWatch(codec, octets, 65_536).map(({ type }) => type)).toEqual(['ADDED', 'DELETED'])
  })
})

function event(type: string, object: readonly number[]): Uint8Array {
  const extension = new ProtobufWriter()
  extension.message(1, Uint8Array.from(object))
  const writer = new ProtobufWriter()
  writer.text(1, type)
  writer.message(2, extension.octets())
  return writer.octets()
}

function frame(octets: ArrayLike<number>): Uint8Array {
  return Uint8Array.of(0, 0, octets.length >> 8, octets.length & 0xff, ...Array.from(octets))
}

/** ADDED becomes ADDEE. */
function renamed(octets: Uint8Array): Uint8Array {
  return octets.map((octet, index) => (index === 10 ? octet + 1 : octet))
}

function bookmark(annotations: object): Uint8Array {
  return encodeWatchEvent('BOOKMARK', { ...SERVICE, metadata: { resourceVersion: '9', annotations } })
}
