import type { Namespace } from '../../objects.ts'
import type { ObjectMeta } from './object-meta.ts'
import { parseMeta } from './proto-meta.ts'
import type { ProtoReader } from './proto-reader.ts'

/** A Namespace (core/v1 generated.proto): its metadata (1) is all that is read. */
export function parseNamespace(reader: ProtoReader, meta: ObjectMeta): Namespace {
  const labels: [string, string][] = []
  while (reader.next()) {
    if (reader.field === 1) parseMeta(reader, meta, labels)
    else reader.skip()
  }
  return { kind: 'Namespace', name: meta.name, labels: Object.fromEntries(labels) }
}
