import { describe, expect, test } from 'vitest'

import { MalformedStream } from '../../../../src/kubernetes/api/api-event.ts'
import { SERVICES } from '../../../../src/kubernetes/api/api-resource.ts'
import { codecOf, decodeList, fixture } from './decode-harness.ts'

const codec = codecOf('json', SERVICES)

describe('a list in JSON', () => {
  test('gives its items while it arrives', () => {
    const octets = fixture('services.json')
    const decoder = codec.listDecoder()
    expect(decoder.push(octets.subarray(0, 50))).toEqual([])
    expect(decoder.push(octets.subarray(50, 4000)).map(({ name }) => name)).toEqual(['db', 'ext'])
    expect(decoder.push(octets.subarray(4000)).map(({ name }) => name)).toEqual([
      'lb',
      'legacy',
      'peers',
      'web',
    ])
    expect(decoder.end()).toEqual({ resourceVersion: '292', continueToken: '' })
  })

  test('may be printed for people, with its members in any order and unknown ones between', () => {
    const { kind, metadata, items } = JSON.parse(fixture('services.json').toString())
    const whole = decodeList(codec, fixture('services.json'))
    const others = { a: [[], {}, '[{"}\\"', -1.5e3, true, null], 'it"em\\s': { items: [1] } }
    for (const list of [
      { items, metadata, kind },
      { ...others, metadata, items, kind, apiVersion: 'v1' },
    ]) {
      for (const indent of [undefined, 1, '\t\r\n']) {
        const octets = Buffer.from(JSON.stringify(list, null, indent))
        expect(decodeList(codec, octets)).toEqual(whole)
        expect(decodeList(codec, octets, 3)).toEqual(whole)
      }
    }
  })

  test.each([
    ['{"kind":"ServiceList","metadata":{"resourceVersion":"1"}}', 'no items'],
    ['{"kind":"ServiceList","metadata":{"resourceVersion":"1"},"items":null}', 'items that are null'],
    [
      ' \n{ "items" : [ ] , "kind":"ServiceList","metadata":{"resourceVersion":"1"} } \n',
      'none between brackets',
    ],
  ])('%s has %s', (text) => {
    expect(decodeList(codec, Buffer.from(text)).items).toEqual([])
  })

  test('K16 that is cut off anywhere is not complete', () => {
    const octets = Buffer.from(
      '{"kind":"ServiceList","metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a","namespace":"ü"}}]}',
    )
    for (let size = 0; size < octets.length; size++) {
      expect(() => decodeList(codec, octets.subarray(0, size)), `${size} octets`).toThrow(MalformedStream)
    }
    expect(decodeList(codec, octets).items).toMatchObject([{ namespace: 'ü', name: 'a' }])
  })

  test.each([
    '<html>',
    '[]',
    '"text"',
    '{"kind":"PodList"',
    '{"kind":"Status","code":500}',
    '{kind:"ServiceList"}',
    '{"kind" "ServiceList"}',
    '{"kind":"ServiceList",}',
    '{"kind":"ServiceList"}{}',
    '{"kind":"ServiceList","metadata":[]}',
    '{"kind":"ServiceList","metadata":{"resourceVersion":1}}',
    '{"kind":"ServiceList","metadata":{"resourceVersion":""}}',
    '{"kind":"ServiceList","metadata":{}}',
    '{"metadata":{"resourceVersion":"1"},"items":[]}',
    '{"kind":"ServiceList","items":{}}',
    '{"kind":"ServiceList","items":[,]}',
    '{"kind":"ServiceList","items":[{}}',
    '{"kind":"ServiceList","items":[{]}',
    '{"kind":"ServiceList","items":[{"metadata":{"name":"a","namespace":"b"}},]}',
    '{"kind":"ServiceList","items":[{"metadata":{"name":"a","namespace":"b"}} {}]}',
    '{"kind":"ServiceList","items":[{"metadata":{"name":"a\n","namespace":"b"}}]}',
    '{"kind":"ServiceList","x":truth}',
    '{"kind":"ServiceList","x":}',
    '{"kind":"ServiceList",5:6}',
    '{}',
  ])('is not %s', (text) => {
    expect(() => decodeList(codec, Buffer.from(text))).toThrow(MalformedStream)
    expect(() => decodeList(codec, Buffer.from(text), 1)).toThrow(MalformedStream)
  })

  test('K16 with an item of 1.5 MB of escapes and UTF-8 is cut anywhere', () => {
    const name = 'ü☃😀"\\\n'
    const metadata = { name, namespace: 'shop', annotations: { x: '\\"ü'.repeat(215_000) } }
    const list = {
      kind: 'ServiceList',
      metadata: { resourceVersion: '1' },
      items: [{ metadata }, { metadata }],
    }
    const octets = Buffer.from(JSON.stringify(list))
    expect(octets.length).toBeGreaterThan(1_500_000)
    expect(decodeList(codec, octets, 16_383).items.map((item) => item.name)).toEqual([name, name])
  })
})
