import { SERVICE_NAME } from '../../controllers/labels.ts'
import { READ_ANNOTATIONS, type ObjectMeta, noteAnnotation } from './object-meta.ts'
import type { ProtoReader } from './proto-reader.ts'

/** Takes an ObjectMeta (meta/v1 generated.proto) in. With `labels`, all labels are told there as well. */
export function parseMeta(reader: ProtoReader, meta: ObjectMeta, labels?: [string, string][]): void {
  const outer = reader.enter()
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        meta.name = reader.text()
        break
      case 3:
        meta.namespace = reader.text()
        break
      case 6:
        meta.resourceVersion = reader.ownText()
        break
      case 9:
        meta.isTerminating = true
        reader.skip()
        break
      case 11:
        parseLabel(reader, meta, labels)
        break
      case 12:
        parseAnnotation(reader, meta)
        break
      default:
        reader.skip()
    }
  }
  reader.leave(outer)
}

function parseLabel(reader: ProtoReader, meta: ObjectMeta, labels: [string, string][] | undefined): void {
  let key = ''
  let value = ''
  const outer = reader.enter()
  while (reader.next()) {
    if (reader.field === 1) key = reader.text()
    else if (reader.field === 2 && (labels !== undefined || key === SERVICE_NAME)) value = reader.text()
    else reader.skip()
  }
  reader.leave(outer)
  labels?.push([key, value])
  if (key === SERVICE_NAME) meta.serviceName = value
}

/** The key comes first: values are only made into texts where they are read. */
function parseAnnotation(reader: ProtoReader, meta: ObjectMeta): void {
  let key = ''
  let value = ''
  const outer = reader.enter()
  while (reader.next()) {
    if (reader.field === 1) key = reader.text()
    else if (reader.field === 2 && READ_ANNOTATIONS.has(key)) value = reader.ownText()
    else reader.skip()
  }
  reader.leave(outer)
  if (READ_ANNOTATIONS.has(key)) noteAnnotation(meta, key, value)
}
