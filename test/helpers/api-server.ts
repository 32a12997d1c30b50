import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import type { ApiObject, ApiObjectReference } from './api-object.ts'
import { keyOf, withResourceVersion } from './api-object.ts'
import { matchesFields, matchesLabels } from './api-selector.ts'

/** What one path serves: the objects of one kind in all namespaces. */
type Collection = Pick<ApiObject, 'kind' | 'apiVersion'>

/** What is served, by request path: the collections that a DNS server for a cluster reads. */
const COLLECTIONS: Readonly<Record<string, Collection>> = {
  '/api/v1/namespaces': { kind: 'Namespace', apiVersion: 'v1' },
  '/api/v1/services': { kind: 'Service', apiVersion: 'v1' },
  '/api/v1/pods': { kind: 'Pod', apiVersion: 'v1' },
  '/apis/discovery.k8s.io/v1/endpointslices': { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' },
}

/** One write: the object before (undefined: it was not there) and after (undefined: it is gone). */
interface Change {
  readonly resourceVersion: number
  readonly before: ApiObject | undefined
  readonly after: ApiObject | undefined
}

interface Watcher {
  readonly collection: Collection
  readonly matches: (object: ApiObject) => boolean
  readonly bookmarks: boolean
  readonly response: ServerResponse
}

/**
 * A small Kubernetes API server over HTTP on 127.0.0.1, for clients that read a cluster: list, watch (from a
 * resourceVersion, or as a watch-list with `sendInitialEvents`), bookmarks, label and field selectors. JSON only, every
 * list in one page, no authentication. Objects are set in code. Source: Kubernetes "API Concepts".
 *
 * `npm run differential -- --live` holds it against a real API server. It differs in that it knows only the paths of whole
 * collections, checks and defaults nothing, lists in the order of writing, forgets no version, refuses none of the future, deletes
 * in one step where a Pod takes two, and sends bookmarks only when it is told to.
 */
export class ApiServer {
  readonly #server: Server
  readonly #objects = new Map<string, Map<string, ApiObject>>()
  readonly #history: Change[] = []
  readonly #watchers = new Set<Watcher>()
  #resourceVersion = 1

  private constructor() {
    this.#server = createServer((request, response) => this.#respond(request, response))
  }

  /** Listens on a free port. */
  static async start(): Promise<ApiServer> {
    const apiServer = new ApiServer()
    await new Promise<void>((resolve, reject) => {
      apiServer.#server.once('error', reject)
      apiServer.#server.listen(0, '127.0.0.1', resolve)
    })
    return apiServer
  }

  /** What a client is pointed at, such as `http://127.0.0.1:41234`. */
  get url(): string {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
  }

  /** How many watches are open. */
  get watchCount(): number {
    return this.#watchers.size
  }

  /**
   * Adds the object, or replaces the one of the same kind, namespace and name. Watchers are told, unless nothing of it has
   * changed.
   */
  put(object: ApiObject): void {
    const objects = this.#objectsOf(object.kind)
    const key = keyOf(object)
    const before = objects.get(key)
    const version = Number(before?.metadata['resourceVersion'])
    if (isDeepStrictEqual(before, withResourceVersion(object, version))) return
    const resourceVersion = ++this.#resourceVersion
    const after = withResourceVersion(object, resourceVersion)
    this.#record({ resourceVersion, before, after })
    objects.set(key, after)
  }

  /** Removes the object, if it is there. Watchers are told. */
  delete(reference: ApiObjectReference): void {
    const objects = this.#objectsOf(reference.kind)
    const before = objects.get(keyOf(reference))
    if (before === undefined) return
    objects.delete(keyOf(reference))
    this.#record({ resourceVersion: ++this.#resourceVersion, before, after: undefined })
  }

  /** Tells every watcher that asked for bookmarks how far it is; a real API server does so about once a minute. */
  sendBookmarks(): void {
    for (const watcher of this.#watchers) {
      if (watcher.bookmarks) this.#sendBookmark(watcher, {})
    }
  }

  /** Ends every watch and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  #objectsOf(kind: string): Map<string, ApiObject> {
    const known = this.#objects.get(kind)
    if (known !== undefined) return known
    const empty = new Map<string, ApiObject>()
    this.#objects.set(kind, empty)
    return empty
  }

  #record(change: Change): void {
    this.#history.push(change)
    for (const watcher of this.#watchers) this.#sendChange(watcher, change)
  }

  #respond(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const collection = COLLECTIONS[pathname]
    if (request.method !== 'GET') return sendStatus(response, 405, 'MethodNotAllowed', 'only GET is served')
    if (collection === undefined) return sendStatus(response, 404, 'NotFound', `no such path: ${pathname}`)
    if (isTrue(searchParams.get('watch'))) return this.#watch(collection, searchParams, response)
    this.#list(collection, searchParams, response)
  }

  #list({ kind, apiVersion }: Collection, parameters: URLSearchParams, response: ServerResponse): void {
    const items = [...this.#objectsOf(kind).values()].filter(selectorOf(parameters)).map(asItem)
    const metadata = { resourceVersion: String(this.#resourceVersion) }
    sendJson(response, 200, { kind: `${kind}List`, apiVersion, metadata, items })
  }

  #watch(collection: Collection, parameters: URLSearchParams, response: ServerResponse): void {
    const bookmarks = isTrue(parameters.get('allowWatchBookmarks'))
    const watcher: Watcher = { collection, matches: selectorOf(parameters), bookmarks, response }
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.flushHeaders()
    this.#sendPast(watcher, parameters)
    this.#watchers.add(watcher)
    const timeoutSeconds = Number(parameters.get('timeoutSeconds') ?? 0)
    const timer = timeoutSeconds > 0 ? setTimeout(() => response.end(), timeoutSeconds * 1000) : undefined
    response.once('close', () => {
      clearTimeout(timer)
      this.#watchers.delete(watcher)
    })
  }

  /** What a new watcher is told first: what was written since its resourceVersion, or else all that exists. */
  #sendPast(watcher: Watcher, parameters: URLSearchParams): void {
    const initialEvents = isTrue(parameters.get('sendInitialEvents'))
    const since = Number(parameters.get('resourceVersion') ?? 0)
    if (since > 0 && !initialEvents) {
      for (const change of this.#history) {
        if (change.resourceVersion > since) this.#sendChange(watcher, change)
      }
      return
    }
    for (const object of this.#objectsOf(watcher.collection.kind).values()) {
      if (watcher.matches(object)) sendEvent(watcher, 'ADDED', object)
    }
    // The bookmark that ends a watch-list: from here on the client is in step.
    if (initialEvents) this.#sendBookmark(watcher, { 'k8s.io/initial-events-end': 'true' })
  }

  /** An object that comes to match a selector is ADDED for that watcher, one that ceases to is DELETED. */
  #sendChange(watcher: Watcher, { resourceVersion, before, after }: Change): void {
    if ((after ?? before)?.kind !== watcher.collection.kind) return
    const matched = before !== undefined && watcher.matches(before)
    if (after !== undefined && watcher.matches(after)) {
      sendEvent(watcher, matched ? 'MODIFIED' : 'ADDED', after)
    } else if (matched) {
      sendEvent(watcher, 'DELETED', withResourceVersion(before, resourceVersion))
    }
  }

  #sendBookmark(watcher: Watcher, annotations: Readonly<Record<string, string>>): void {
    const metadata = { resourceVersion: String(this.#resourceVersion), annotations }
    sendEvent(watcher, 'BOOKMARK', { ...watcher.collection, metadata })
  }
}

/** In a list the list says for all of them what they are. */
function asItem(object: ApiObject): Record<string, unknown> {
  const { kind: _kind, apiVersion: _apiVersion, ...item } = object
  return item
}

function selectorOf(parameters: URLSearchParams): (object: ApiObject) => boolean {
  const labels = parameters.get('labelSelector') ?? ''
  const fields = parameters.get('fieldSelector') ?? ''
  return (object) => matchesLabels(object.metadata.labels ?? {}, labels) && matchesFields(object, fields)
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1'
}

function sendEvent({ response }: Watcher, type: string, object: unknown): void {
  response.write(`${JSON.stringify({ type, object })}\n`)
}

function sendStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  sendJson(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code })
}

function sendJson(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}
