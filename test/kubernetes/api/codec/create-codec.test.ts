import { describe, expect, test } from 'vitest'

import {
  ENDPOINTS,
  ENDPOINT_SLICES,
  NAMESPACES,
  PODS,
  SERVICES,
} from '../../../../src/kubernetes/api/api-resource.ts'
import { createCodec } from '../../../../src/kubernetes/api/codec/create-codec.ts'
import { encodeList, encodeStatus } from '../../../helpers/api-protobuf.ts'
import type { ApiObject } from '../../../helpers/api-object.ts'
import { codecOf, decodeList, decodeWatch, fixture } from './decode-harness.ts'

const RESOURCES = {
  services: SERVICES,
  endpointslices: ENDPOINT_SLICES,
  endpoints: ENDPOINTS,
  pods: PODS,
  namespaces: NAMESPACES,
}

describe('createCodec', () => {
  test('knows protobuf and JSON with any parameters, and nothing else', () => {
    for (const known of [
      'application/vnd.kubernetes.protobuf',
      'application/vnd.kubernetes.protobuf;stream=watch',
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON ;stream=watch',
    ]) {
      expect(createCodec(known, SERVICES), known).toBeDefined()
    }
    for (const unknown of [
      '',
      'text/html',
      'application/yaml',
      'application/jsonp',
      'application/vnd.kubernetes',
    ]) {
      expect(createCodec(unknown, SERVICES), unknown).toBeUndefined()
    }
  })
})

describe('lists of a real API server', () => {
  test.each(Object.entries(RESOURCES))('%s say the same in both encodings', (name, resource) => {
    const fromProtobuf = decodeList(codecOf('bin', resource), fixture(`${name}.bin`))
    const fromJson = decodeList(codecOf('json', resource), fixture(`${name}.json`))
    expect(fromProtobuf.items.length).toBeGreaterThan(3)
    expect(fromProtobuf).toEqual(fromJson)
    expect(fromProtobuf.items.flatMap(({ problems }) => problems)).toEqual([])
  })

  test.each(Object.entries(RESOURCES))(
    '%s say the same however they are cut into pieces',
    (name, resource) => {
      for (const encoding of ['bin', 'json'] as const) {
        const octets = fixture(`${name}.${encoding}`)
        const whole = decodeList(codecOf(encoding, resource), octets)
        for (const size of [1, 7, 1000]) {
          expect(decodeList(codecOf(encoding, resource), octets, size)).toEqual(whole)
        }
      }
    },
  )

  // Of Pods only what tests need is written.
  test.each(Object.entries(RESOURCES).filter(([name]) => name !== 'pods'))(
    '%s are written by the helper of the tests octet for octet',
    (name, resource) => {
      const { metadata, items } = listIn(`${name}.json`)
      const written = encodeList(resource.kind, metadata, items)
      expect(Buffer.from(written).equals(fixture(`${name}.bin`))).toBe(true)
    },
  )

  test('a page says how to go on', () => {
    for (const encoding of ['bin', 'json'] as const) {
      const { items, end } = decodeList(codecOf(encoding, SERVICES), fixture(`page.${encoding}`))
      expect(items.map(({ name }) => name)).toEqual(['db', 'ext'])
      expect(end.resourceVersion).toBe('297')
      expect(Buffer.from(end.continueToken, 'base64').toString()).toContain('"v":"meta.k8s.io/v1"')
    }
  })
})

describe('watches of a real API server', () => {
  test('the initial events end with a bookmark, then changes come', () => {
    for (const encoding of ['bin', 'json'] as const) {
      const octets = fixture(`watch-endpointslices.${encoding}`)
      const events = decodeWatch(codecOf(encoding, ENDPOINT_SLICES), octets)
      expect(events.map((event) => event.type).join(' ')).toBe(
        `${'ADDED '.repeat(11)}BOOKMARK MODIFIED DELETED`,
      )
      expect(events[11]).toMatchObject({
        isInitialEventsEnd: true,
        resourceVersion: expect.stringMatching(/^\d+$/),
      })
      expect(events.at(-1)).toMatchObject({ item: { namespace: 'shop', name: 'orphan' } })
      for (const size of [1, 5, 512]) {
        expect(decodeWatch(codecOf(encoding, ENDPOINT_SLICES), octets, size)).toEqual(events)
      }
    }
  })

  test('an expired watch is an ERROR with its status', () => {
    for (const encoding of ['bin', 'json'] as const) {
      expect(decodeWatch(codecOf(encoding, SERVICES), fixture(`watch-expired.${encoding}`))).toEqual([
        {
          type: 'ERROR',
          status: {
            code: 410,
            reason: 'Expired',
            message: 'too old resource version: 200 (322)',
            retryAfterSeconds: undefined,
          },
        },
      ])
    }
  })
})

describe('decodeStatus', () => {
  test('reads the body of a failed request of a real API server', () => {
    for (const encoding of ['bin', 'json'] as const) {
      expect(codecOf(encoding, SERVICES).decodeStatus(fixture(`status-404.${encoding}`))).toEqual({
        code: 404,
        reason: 'NotFound',
        message: 'services "nosuch" not found',
        retryAfterSeconds: undefined,
      })
    }
  })

  test('reads when to come again', () => {
    const status = { code: 429, reason: 'TooManyRequests', details: { retryAfterSeconds: 3 } }
    const expected = { code: 429, reason: 'TooManyRequests', message: '', retryAfterSeconds: 3 }
    expect(codecOf('bin', SERVICES).decodeStatus(encodeStatus(status))).toEqual(expected)
    expect(codecOf('json', SERVICES).decodeStatus(Buffer.from(JSON.stringify(status)))).toEqual(expected)
  })

  test('gives code 0 for what cannot be read', () => {
    const nothing = { code: 0, reason: '', message: '', retryAfterSeconds: undefined }
    for (const text of ['', '<html>', 'k8s\0\xff', '[]', '{"code":"404"}', 'null']) {
      const body = Buffer.from(text, 'latin1')
      expect(codecOf('bin', SERVICES).decodeStatus(body), text).toEqual(nothing)
      expect(codecOf('json', SERVICES).decodeStatus(body), text).toEqual(nothing)
    }
  })
})

function listIn(name: string): {
  readonly metadata: { readonly resourceVersion: string }
  readonly items: readonly ApiObject[]
} {
  return JSON.parse(fixture(name).toString())
}
