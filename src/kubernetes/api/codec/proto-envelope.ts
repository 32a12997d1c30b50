import { BrokenObject } from './broken-object.ts'
import type { ProtoReader } from './proto-reader.ts'

/** `k8s` and a zero: begins whatever the API server writes in protobuf and is not inside something else. */
export const MAGIC = Buffer.from('k8s\0', 'latin1')
const MAGIC_NUMBER = MAGIC.readUInt32BE(0)

/** What a runtime.Unknown (apimachinery generated.proto) holds: the kind from its typeMeta, and where its raw is. */
export interface Envelope {
  readonly kind: string
  readonly start: number
  readonly end: number
}

/** Opens the envelope from `start` to `end`. Throws `BrokenObject` where there is none. */
export function openEnvelope(reader: ProtoReader, octets: Buffer, start: number, end: number): Envelope {
  if (end - start < MAGIC.length || octets.readUInt32BE(start) !== MAGIC_NUMBER) {
    throw new BrokenObject('it does not begin with "k8s"')
  }
  const envelope = { kind: '', start, end: start }
  reader.reset(octets, start + MAGIC.length, end)
  while (reader.next()) {
    if (reader.field === 1) envelope.kind = parseKind(reader)
    else if (reader.field === 2) reader.range(envelope)
    else reader.skip()
  }
  return envelope
}

/** The kind in a runtime.TypeMeta. */
function parseKind(reader: ProtoReader): string {
  let kind = ''
  const outer = reader.enter()
  while (reader.next()) {
    if (reader.field === 2) kind = reader.text()
    else reader.skip()
  }
  reader.leave(outer)
  return kind
}
