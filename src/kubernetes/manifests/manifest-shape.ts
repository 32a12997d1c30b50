import { classify } from '../controllers/kinds.ts'
import type { ManifestIdentity } from './manifest-object.ts'

/** What one YAML or JSON value turned out to be; paths lead from that value. */
export type Shaped =
  | { readonly object: ManifestIdentity; readonly path: ValuePath }
  | { readonly fault: ShapeFault; readonly path: ValuePath }

/** `message` says what is wrong and how to mend it. */
export interface ShapeFault {
  readonly code:
    | 'SLICEDNS_MANIFEST_NOT_AN_OBJECT'
    | 'SLICEDNS_MANIFEST_FIELD_MISSING'
    | 'SLICEDNS_MANIFEST_FIELD_INVALID'
  readonly message: string
}

type ValuePath = readonly (string | number)[]

/** What a List says of its items: `ServiceList` holds Services, whether they say so or not. */
interface ItemDefaults {
  readonly apiVersion: unknown
  readonly kind: unknown
}

/**
 * The Kubernetes objects in a value: one, or the items of a `List`, a `ServiceList` and so on. Nothing for an empty document. The
 * `defaults` are for items of a list that leave out their kind.
 */
export function* shapeObjects(
  value: unknown,
  path: ValuePath = [],
  defaults?: ItemDefaults,
): Generator<Shaped> {
  if (value === null || value === undefined) return
  if (!isMapping(value)) {
    yield { path, fault: notAnObject(value) }
    return
  }
  const kind = value['kind'] ?? defaults?.kind
  if (!isList(kind, value)) {
    yield shapeObject(value, path, defaults)
    return
  }
  if (path.length > maxListDepth * 2) {
    yield { path, fault: invalid('Lists within Lists within Lists: flatten them') }
    return
  }
  const items = value['items'] ?? []
  if (!Array.isArray(items)) {
    yield { path: [...path, 'items'], fault: invalid(`items of a ${kind} must be a list`) }
    return
  }
  const itemDefaults = defaultsOf(value)
  for (const [index, item] of items.entries()) {
    yield* shapeObjects(item, [...path, 'items', index], itemDefaults)
  }
}

/** What a List of that shape says of its items. */
export function defaultsOf(list: Readonly<Record<string, unknown>>): ItemDefaults | undefined {
  const kind = list['kind']
  if (typeof kind !== 'string' || kind === 'List') return undefined
  return { apiVersion: list['apiVersion'], kind: kind.slice(0, -'List'.length) }
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Lists nest rarely, and never deeper than this. */
const maxListDepth = 4

/** A kind of somebody's own may end in List without being one. */
export function isList(kind: unknown, value: Readonly<Record<string, unknown>>): kind is string {
  if (kind === 'List') return true
  return typeof kind === 'string' && kind.endsWith('List') && 'items' in value
}

function shapeObject(
  value: Readonly<Record<string, unknown>>,
  path: ValuePath,
  defaults?: ItemDefaults,
): Shaped {
  const kind = value['kind'] ?? defaults?.kind
  const apiVersion = value['apiVersion'] ?? defaults?.apiVersion
  const metadata = value['metadata'] ?? {}
  if (kind === undefined || kind === null || kind === '') {
    return { path, fault: missing('kind is missing: every object needs one, such as kind: Service') }
  }
  if (typeof kind !== 'string') return { path: [...path, 'kind'], fault: notText('kind', kind) }
  if (apiVersion === undefined || apiVersion === null || apiVersion === '') {
    return { path, fault: missing(`apiVersion is missing in this ${kind}: ${apiVersionHint(kind)}`) }
  }
  if (typeof apiVersion !== 'string') {
    return { path: [...path, 'apiVersion'], fault: notText('apiVersion', apiVersion) }
  }
  if (!isMapping(metadata)) {
    return { path: [...path, 'metadata'], fault: invalid('metadata must be a mapping') }
  }
  const name = metadata['name'] ?? ''
  if (typeof name !== 'string') {
    return { path: [...path, 'metadata', 'name'], fault: notText('metadata.name', name) }
  }
  // Files for other tools, a Kustomization among them, need no name.
  if (name === '' && classify({ kind, apiVersion }).is !== 'ignored') {
    return {
      path: [...path, 'metadata'],
      fault: missing(`metadata.name is missing in this ${kind}: ${nameHint(metadata)}`),
    }
  }
  const namespace = metadata['namespace'] ?? ''
  if (typeof namespace !== 'string') {
    return { path: [...path, 'metadata', 'namespace'], fault: notText('metadata.namespace', namespace) }
  }
  return {
    path,
    object: {
      apiVersion,
      kind,
      name,
      namespace: kind === 'Namespace' ? '' : namespace || 'default',
      raw: value,
    },
  }
}

function apiVersionHint(kind: string): string {
  const classified = classify({ kind, apiVersion: '' })
  return classified.is === 'wrong version' ? `add apiVersion: ${classified.expected}` : 'add it'
}

function nameHint(metadata: Readonly<Record<string, unknown>>): string {
  return 'generateName' in metadata ? 'generateName works on a cluster only, give it a name' : 'give it one'
}

function notAnObject(value: unknown): ShapeFault {
  const message = Array.isArray(value)
    ? 'the document is a list: separate the objects with ---, or put them under items of a kind: List'
    : 'the document is no Kubernetes object: it needs apiVersion, kind and metadata'
  return { code: 'SLICEDNS_MANIFEST_NOT_AN_OBJECT', message }
}

function missing(message: string): ShapeFault {
  return { code: 'SLICEDNS_MANIFEST_FIELD_MISSING', message }
}

function invalid(message: string): ShapeFault {
  return { code: 'SLICEDNS_MANIFEST_FIELD_INVALID', message }
}

function notText(field: string, value: unknown): ShapeFault {
  if (typeof value === 'object') return invalid(`${field} must be a text, got a mapping or a list`)
  return invalid(`${field} must be a text, got ${JSON.stringify(value)}: put it in quotes`)
}
