import { type ApiCodec, MalformedStream } from '../../../src/kubernetes/api/api-event.ts'
import {
  ENDPOINTS,
  ENDPOINT_SLICES,
  NAMESPACES,
  PODS,
  SERVICES,
} from '../../../src/kubernetes/api/api-resource.ts'
import { createCodec } from '../../../src/kubernetes/api/codec/create-codec.ts'
import { NETWORK_RUN_MS, insist, words } from '../target.ts'
import type { FuzzTarget } from '../target.ts'

const RESOURCES = [SERVICES, ENDPOINT_SLICES, ENDPOINTS, PODS, NAMESPACES]
const ENCODINGS = ['application/vnd.kubernetes.protobuf', 'application/json']

const MAX_PIECES = 40

/**
 * What an API server may send. The first octet says what is asked for: resource, encoding, list or watch; the rest is the answer. It is
 * malformed or it is read, and is the same in pieces.
 */
export const apiDecodeTarget: FuzzTarget = {
  name: 'api-decode',
  seedForm: 'hex',
  maxOctets: 4_096,
  maxRunMs: NETWORK_RUN_MS,
  dictionary: words(
    'k8s\0',
    'ADDED',
    'BOOKMARK',
    'ERROR',
    'ServiceList',
    'None',
    'fd00::1',
    '10.0.0.1',
    '"items":[',
    '{"type":',
    '"metadata":{',
    '\u{ff}'.repeat(9),
    '\0\0\0\x20',
  ),
  run: ([selector = 0, ...answer]) => {
    const octets = Uint8Array.from(answer)
    const whole = outcomeOf(selector, [octets])
    const inPieces = outcomeOf(selector, cutUp(octets))
    insist(whole === inPieces, `in pieces it is ${inPieces}, as a whole ${whole}`)
    codecOf(selector).decodeStatus(octets)
    return `${selector % 20} ${whole.slice(0, 60).replaceAll(/\d+/g, '')}`
  },
}

/** What was read, or why not: what came before is then forgotten by whoever reads. */
function outcomeOf(selector: number, pieces: readonly Uint8Array[]): string {
  try {
    const read =
      selector % 20 < 10 ? readList(codecOf(selector), pieces) : readWatch(codecOf(selector), pieces)
    return JSON.stringify(read, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
  } catch (error) {
    if (!(error instanceof MalformedStream)) throw error
    return `malformed: ${error.message}`
  }
}

const codecs = new Map<number, ApiCodec>()

/** One codec goes on through all inputs, as it goes on through the responses of a server. */
function codecOf(selector: number): ApiCodec {
  const key = selector % 10
  const codec =
    codecs.get(key) ?? createCodec(ENCODINGS[key < 5 ? 0 : 1] ?? '', RESOURCES[key % 5] ?? SERVICES)
  insist(codec !== undefined, 'there is no codec')
  codecs.set(key, codec)
  return codec
}

function readList(codec: ApiCodec, pieces: readonly Uint8Array[]): unknown {
  const decoder = codec.listDecoder()
  return [pieces.flatMap((piece) => decoder.push(piece)), decoder.end()]
}

function readWatch(codec: ApiCodec, pieces: readonly Uint8Array[]): unknown {
  const decoder = codec.watchDecoder()
  return pieces.flatMap((piece) => decoder.push(piece))
}

/** Each octet in turn says how long the next piece is. */
function cutUp(octets: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = []
  let from = 0
  for (let index = 0; index < MAX_PIECES && from < octets.length; index++) {
    const to = from + ((octets[index] ?? 0) % 37)
    pieces.push(octets.subarray(from, to))
    from = to
  }
  return [...pieces, octets.subarray(from)]
}
