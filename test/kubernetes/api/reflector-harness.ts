import { SERVICES } from '../../../src/kubernetes/api/api-resource.ts'
import { Reflector } from '../../../src/kubernetes/api/reflector.ts'
import type { ReflectorOptions } from '../../../src/kubernetes/api/reflector-types.ts'
import { ScriptedApi } from '../../helpers/scripted-api.ts'
import { settled, VirtualClock } from '../../helpers/virtual-clock.ts'

export interface Harness {
  readonly api: ScriptedApi
  readonly clock: VirtualClock
  readonly reflector: Reflector
  /** What the sink was told since the last call: `shop/web 5`, `-shop/web`, `synced`; not the changes of status. */
  readonly told: () => readonly string[]
  /** How often a change of status was told. */
  readonly statusChanges: () => number
}

/** A reflector of Services that is started. */
export function startReflector(options: Partial<ReflectorOptions> = {}): Harness {
  const api = new ScriptedApi()
  const clock = new VirtualClock()
  const lines: string[] = []
  let statusChanges = 0
  const reflector = new Reflector({
    resource: SERVICES,
    namespace: undefined,
    labelSelector: '',
    fieldSelector: '',
    transport: api,
    clock,
    random: () => 0.5,
    guardsMassDelete: true,
    pause: () => undefined,
    sink: {
      apply: ({ namespace, name, resourceVersion }) => lines.push(`${namespace}/${name} ${resourceVersion}`),
      remove: ({ namespace, name }) => lines.push(`-${namespace}/${name}`),
      synced: () => lines.push('synced'),
      statusChanged: () => {
        statusChanges += 1
      },
    },
    ...options,
  })
  reflector.start()
  return {
    api,
    clock,
    reflector,
    told: () => lines.splice(0),
    statusChanges: () => statusChanges,
  }
}

/** One that has refused watch-lists, read these pages, and watches from the resourceVersion of the list. */
export async function startWatching(
  objects: readonly object[],
  {
    resourceVersion = '10',
    server,
    ...options
  }: { resourceVersion?: string; server?: string } & Partial<ReflectorOptions> = {},
): Promise<Harness> {
  const harness = startReflector(options)
  const { api, clock } = harness
  await settled()
  api.current
    .respond(server === undefined ? {} : { server })
    .send(...objects.map((object) => ({ type: 'ADDED', object })), listEnd(resourceVersion))
  await clock.advance(2000)
  harness.told()
  return harness
}

/** A Service, as the API gives it. */
export function service(path: string, resourceVersion: number): object {
  const [namespace, name] = path.split('/')
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, resourceVersion: String(resourceVersion) },
    spec: { clusterIP: 'None', clusterIPs: ['None'], ports: [{ port: 80, protocol: 'TCP' }] },
  }
}

/** A page of a list. */
export function page(objects: readonly object[], resourceVersion: string, continueToken = ''): object {
  const metadata = { resourceVersion, ...(continueToken === '' ? {} : { continue: continueToken }) }
  return { kind: 'ServiceList', apiVersion: 'v1', metadata, items: objects }
}

export function event(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: object): object {
  return { type, object }
}

export function bookmark(resourceVersion: string, annotations?: Readonly<Record<string, string>>): object {
  const metadata = { resourceVersion, ...(annotations === undefined ? {} : { annotations }) }
  return { type: 'BOOKMARK', object: { kind: 'Service', apiVersion: 'v1', metadata, spec: {}, status: {} } }
}

/** The bookmark that ends a watch-list. */
export function listEnd(resourceVersion: string): object {
  return bookmark(resourceVersion, { 'k8s.io/initial-events-end': 'true' })
}

export function status(code: number, reason: string, message: string, details?: object): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message, details }
}

export function errorEvent(code: number, reason: string, message: string): object {
  return { type: 'ERROR', object: status(code, reason, message) }
}
