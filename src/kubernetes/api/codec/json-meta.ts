import { SERVICE_NAME } from '../../controllers/labels.ts'
import { type JsonObject, asObject, asText } from './json-fields.ts'
import { type ObjectMeta, READ_ANNOTATIONS, noteAnnotation } from './object-meta.ts'
import type { TextTable } from './text-table.ts'

/** Takes the metadata of an object in. The name comes first: what is wrong after it can be told of that object. */
export function readMeta(object: JsonObject, meta: ObjectMeta, texts: TextTable): void {
  const metadata = asObject(object['metadata'], 'metadata')
  meta.name = texts.same(asText(metadata['name'], 'name'))
  meta.namespace = texts.same(asText(metadata['namespace'], 'namespace'))
  meta.resourceVersion = asText(metadata['resourceVersion'], 'resourceVersion')
  meta.isTerminating = (metadata['deletionTimestamp'] ?? undefined) !== undefined
  const labels = asObject(metadata['labels'], 'labels')
  if (Object.hasOwn(labels, SERVICE_NAME)) {
    meta.serviceName = texts.same(asText(labels[SERVICE_NAME], SERVICE_NAME))
  }
  const annotations = asObject(metadata['annotations'], 'annotations')
  for (const key of READ_ANNOTATIONS) {
    if (Object.hasOwn(annotations, key)) noteAnnotation(meta, key, asText(annotations[key], key))
  }
}
