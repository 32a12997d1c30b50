import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect } from 'vitest'

import type {
  ApiCodec,
  ApiEvent,
  ApiItem,
  ApiObject as ShrunkObject,
  ListEnd,
} from '../../../../src/kubernetes/api/api-event.ts'
import type { ApiResource } from '../../../../src/kubernetes/api/api-resource.ts'
import { createCodec } from '../../../../src/kubernetes/api/codec/create-codec.ts'
import type { ApiObject } from '../../../helpers/api-object.ts'
import { encodeList } from '../../../helpers/api-protobuf.ts'

/** The two ways in which objects are written, by the ending of their fixtures. */
export const ENCODINGS = {
  bin: 'application/vnd.kubernetes.protobuf',
  json: 'application/json',
} as const

export type Encoding = keyof typeof ENCODINGS

export function codecOf(encoding: Encoding, resource: ApiResource): ApiCodec {
  const codec = createCodec(ENCODINGS[encoding], resource)
  if (codec === undefined) throw new Error(`no codec for ${encoding}`)
  return codec
}

export function fixture(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'fixtures', name))
}

export interface DecodedList {
  readonly items: readonly ApiItem[]
  readonly end: ListEnd
}

/** The list, pushed in pieces of that size. */
export function decodeList(
  codec: ApiCodec,
  octets: Uint8Array,
  sizeOctets = Math.max(1, octets.length),
): DecodedList {
  const decoder = codec.listDecoder()
  const items = inPieces(octets, sizeOctets, (piece) => decoder.push(piece))
  return { items, end: decoder.end() }
}

/** The events of a watch, pushed in pieces of that size. */
export function decodeWatch(
  codec: ApiCodec,
  octets: Uint8Array,
  sizeOctets = Math.max(1, octets.length),
): readonly ApiEvent[] {
  const decoder = codec.watchDecoder()
  return inPieces(octets, sizeOctets, (piece) => decoder.push(piece))
}

/**
 * What comes of pieces of that size. Each is overwritten once it was pushed: a decoder that keeps hold of one is found out.
 */
function inPieces<T>(octets: Uint8Array, sizeOctets: number, push: (piece: Uint8Array) => readonly T[]): T[] {
  const all: T[] = []
  for (let from = 0; from < octets.length; from += sizeOctets) {
    const piece = Uint8Array.from(octets.subarray(from, from + sizeOctets))
    all.push(...push(piece))
    piece.fill(0xff)
  }
  return all
}

/** A list of these objects in JSON, as the API server writes it: items do not say their kind. */
export function jsonList({ kind }: ApiResource, objects: readonly ApiObject[]): Uint8Array {
  const items = objects.map(({ kind: _kind, apiVersion: _apiVersion, ...rest }) => rest)
  return Buffer.from(
    JSON.stringify({ kind: `${kind}List`, apiVersion: 'v1', metadata: { resourceVersion: '7' }, items }),
  )
}

/** What comes of an object, the same from both encodings. */
export function itemOf(resource: ApiResource, object: ApiObject): ApiItem {
  const octets = encodeList(resource.kind, { resourceVersion: '7' }, [object])
  const { items } = decodeList(codecOf('bin', resource), octets)
  const fromJson = decodeList(codecOf('json', resource), jsonList(resource, [object]))
  expect(fromJson.items).toEqual(items)
  const [item] = items
  if (item === undefined) throw new Error('no item')
  return item
}

/** The object of an item, which must be of that kind. */
export function objectOf<Kind extends ShrunkObject['kind']>(item: ApiItem | undefined, kind: Kind): Of<Kind> {
  const object = item?.object
  if (!isOfKind(object, kind)) throw new Error(`no ${kind}: ${item?.problems.join(', ')}`)
  return object
}

type Of<Kind extends ShrunkObject['kind']> = Extract<ShrunkObject, { readonly kind: Kind }>

function isOfKind<Kind extends ShrunkObject['kind']>(
  object: ShrunkObject | undefined,
  kind: Kind,
): object is Of<Kind> {
  return object?.kind === kind
}
