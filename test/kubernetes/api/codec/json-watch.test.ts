import { describe, expect, test } from 'vitest'

import { MalformedStream } from '../../../../src/kubernetes/api/api-event.ts'
import { SERVICES } from '../../../../src/kubernetes/api/api-resource.ts'
import { codecOf, decodeWatch, fixture } from './decode-harness.ts'

const codec = codecOf('json', SERVICES)
const ADDED = { type: 'ADDED', object: { kind: 'Service', metadata: { name: 'db', namespace: 'shop' } } }

describe('a watch in JSON', () => {
  test('tells each event as its last octet comes, before its line ends', () => {
    const decoder = codec.watchDecoder()
    const text = JSON.stringify(ADDED)
    expect(decoder.push(Buffer.from(text.slice(0, -1)))).toEqual([])
    expect(decoder.push(Buffer.from('}'))).toMatchObject([{ type: 'ADDED', item: { name: 'db' } }])
    expect(decoder.push(Buffer.from('\n'))).toEqual([])
  })

  test('may have events without lines between them, or empty lines', () => {
    const text = JSON.stringify(ADDED)
    const octets = Buffer.from(`${text}${text}\r\n\n${text}\n`)
    for (const size of [1, 7, 1000]) expect(decodeWatch(codec, octets, size)).toHaveLength(3)
  })

  // The API server prints no watch for people. An event that went on over lines could swallow all that follow, for ever.
  test.each(['{"type":"ADDED","object":{\n', '{"type":"ADDED\n', '{"type":\n'])(
    'K16 is broken where a line ends within an event: %j',
    (text) => {
      expect(() => decodeWatch(codec, Buffer.from(text))).toThrow(MalformedStream)
      expect(() => decodeWatch(codec, Buffer.from(text), 1)).toThrow(MalformedStream)
    },
  )

  test('tells a bookmark of the metadata alone', () => {
    const bookmark = {
      type: 'BOOKMARK',
      object: {
        kind: 'Service',
        metadata: { resourceVersion: '12', annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    }
    expect(decodeWatch(codec, Buffer.from(JSON.stringify(bookmark)))).toEqual([
      { type: 'BOOKMARK', resourceVersion: '12', isInitialEventsEnd: true },
    ])
  })

  test.each([
    '<html>',
    'null\n',
    '[]',
    '{}',
    '{"type":"ADDED"}',
    '{"type":"ADDED","object":null}',
    '{"type":"ADDED","object":{"kind":"Service"}}',
    '{"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"a","namespace":"b"}}}',
    '{"type":"CHANGED","object":{"kind":"Service","metadata":{"name":"a","namespace":"b"}}}',
    '{"type":5,"object":{"kind":"Service"}}',
    '{"type":"ERROR","object":5}',
    '{"type":"ADDED","object":{"kind":"Service",}}',
    '{"type":"BOOKMARK","object":{"kind":"Service","metadata":5}}',
    '}',
  ])('K16 with the event %s is broken', (text) => {
    expect(() => decodeWatch(codec, Buffer.from(text))).toThrow(MalformedStream)
  })

  test('K16 is not protobuf', () => {
    expect(() => decodeWatch(codec, fixture('watch-expired.bin'))).toThrow(MalformedStream)
  })
})
