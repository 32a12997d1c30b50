import { type ApiResource, collectionPath } from '../api-resource.ts'

/** Which objects are asked for. */
export interface Selection {
  readonly resource: ApiResource
  readonly namespace: string | undefined
  readonly labelSelector: string
  readonly fieldSelector: string
}

interface Page {
  /** Objects in one page; undefined for all in one. */
  readonly limit: number | undefined
  /** Of the page before; empty for the first. */
  readonly continueToken: string
  /** `0` for what the server has at hand; undefined for what is so at this moment. */
  readonly resourceVersion: string | undefined
}

/** Of a page of a list (Kubernetes "API Concepts", retrieving large results sets in chunks). */
export function listPath(selection: Selection, { limit, continueToken, resourceVersion }: Page): string {
  // The token says which version of the list it goes on with: a resourceVersion beside it is refused.
  const place = continueToken === '' ? { resourceVersion } : { continue: continueToken }
  return pathWith(selection, { limit, ...place })
}

/** Of a watch that goes on from a resourceVersion. */
export function watchPath(selection: Selection, resourceVersion: string, timeoutSeconds: number): string {
  return pathWith(selection, { watch: 1, allowWatchBookmarks: 'true', timeoutSeconds, resourceVersion })
}

/** Of a watch that first tells all that is so at this moment (Kubernetes "API Concepts", streaming lists). */
export function watchListPath(selection: Selection, timeoutSeconds: number): string {
  return pathWith(selection, {
    watch: 1,
    sendInitialEvents: 'true',
    resourceVersionMatch: 'NotOlderThan',
    allowWatchBookmarks: 'true',
    timeoutSeconds,
  })
}

function pathWith(
  { resource, namespace, labelSelector, fieldSelector }: Selection,
  parameters: Readonly<Record<string, string | number | undefined>>,
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value))
  }
  if (labelSelector !== '') query.set('labelSelector', labelSelector)
  if (fieldSelector !== '') query.set('fieldSelector', fieldSelector)
  return `${collectionPath(resource, namespace)}?${query.toString()}`
}
