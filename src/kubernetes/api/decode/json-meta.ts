import { isObject, memberOf, textOf } from './json-fields.ts'
import { type ObjectMeta, READ_ANNOTATIONS, READ_LABELS, noteAnnotation, noteLabel } from './object-meta.ts'
import type { TextTable } from './text-table.ts'

/** Takes the metadata of an object in. The name comes first: what is wrong after it can be told of that object. */
export function readMeta(object: unknown, meta: ObjectMeta, texts: TextTable): void {
  const metadata = memberOf(object, 'metadata')
  meta.name = texts.same(textOf(metadata, 'name'))
  meta.namespace = texts.same(textOf(metadata, 'namespace'))
  meta.resourceVersion = textOf(metadata, 'resourceVersion')
  meta.isTerminating = memberOf(metadata, 'deletionTimestamp') !== undefined
  const labels = memberOf(metadata, 'labels')
  for (const key of READ_LABELS) {
    if (has(labels, key)) noteLabel(meta, key, texts.same(textOf(labels, key)))
  }
  const annotations = memberOf(metadata, 'annotations')
  for (const key of READ_ANNOTATIONS) {
    if (has(annotations, key)) noteAnnotation(meta, key, textOf(annotations, key))
  }
}

function has(mapping: unknown, key: string): boolean {
  return isObject(mapping) && Object.hasOwn(mapping, key)
}
