import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiTransport } from '../../../src/kubernetes/api/api-transport.ts'
import type { Credentials } from '../../../src/kubernetes/api/credentials/credentials.ts'
import { createEndpointCredentials } from '../../../src/kubernetes/api/credentials/endpoint.ts'
import { createKubeconfigCredentials } from '../../../src/kubernetes/api/credentials/kubeconfig.ts'
import { createHttpsTransport } from '../../../src/kubernetes/api/https-transport.ts'
import type { ControlPlane } from '../../control-plane/control-plane.ts'
import { SeededRandom } from '../../fuzz/random.ts'
import type { ApiObject, ApiObjectReference } from '../../helpers/api-object.ts'
import { keyOf } from '../../helpers/api-object.ts'
import { ApiServer } from '../../helpers/api-server.ts'
import { VirtualClock } from '../../helpers/virtual-clock.ts'
import { ModelCluster } from '../../kubernetes/api/simulation/model-cluster.ts'
import { ModelServer } from '../../kubernetes/api/simulation/model-server.ts'
import { KINDS } from '../../kubernetes/api/simulation/random-object.ts'

/** An API server that is asked and written to: the real one, or one that stands in for it in tests. */
export interface ApiSubject {
  readonly transport: ApiTransport
  create(object: ApiObject): Promise<void>
  /** Writes what has changed since `before`: labels or status. */
  update(before: ApiObject, after: ApiObject): Promise<void>
  remove(reference: ApiObject): Promise<void>
  /** Keeps nothing of before now that pages or watches could go on from. */
  forget(): Promise<void>
  /** Sends bookmarks, where a server can be told to. */
  bookmark(): Promise<void>
  /** Lets time go on. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

/** The real one. */
export function realSubject(plane: ControlPlane): ApiSubject {
  const { client, etcdClient, folder } = plane
  const transport = transportWith(createKubeconfigCredentials([join(folder, 'admin.kubeconfig')], undefined))
  return {
    transport,
    // The status of a new Pod is Pending, whatever is written.
    create: async (object) => void (await client.create(object)),
    update: async ({ status: before }, after) => {
      const { metadata, status } = after
      if (status === before) await client.patch(after, { metadata: { labels: metadata.labels } })
      else await client.patch(after, { status: status ?? {} }, 'status')
    },
    remove: async (object) => client.remove(object),
    forget: async () => {
      await etcdClient.compact()
      // It remembers more than etcd does.
      await plane.restartApiServer()
    },
    bookmark: async () => {},
    pass: async (ms) => sleep(ms),
    close: async () => transport.close(),
  }
}

/** The small one that CoreDNS follows in `npm run differential`. */
export async function smallSubject(): Promise<ApiSubject> {
  const server = await ApiServer.start()
  const transport = transportWith(createEndpointCredentials(server.url, undefined))
  return {
    transport,
    create: async (object) => server.put(object),
    update: async (_, after) => server.put(after),
    remove: async (reference: ApiObjectReference) => server.delete(reference),
    forget: async () => {},
    bookmark: async () => server.sendBookmarks(),
    pass: async (ms) => sleep(ms),
    close: async () => {
      transport.close()
      await server.close()
    },
  }
}

/** The model that the simulation drives, without faults. The seed decides what it leaves to chance. */
export function modelSubject(seed: number, speaksProtobuf: boolean): ApiSubject {
  const cluster = new ModelCluster()
  const clock = new VirtualClock()
  const random = new SeededRandom(Math.imul(seed, 0x9e37_79b1))
  const server = new ModelServer({
    cluster,
    clock,
    random,
    speaksProtobuf,
    onList: () => {},
    trace: () => {},
  })
  server.isTroubled = false
  const put = async (object: ApiObject): Promise<void> => server.tell(cluster.put(object, kindOf(object)))
  const forget = async (): Promise<void> => {
    cluster.compact(cluster.revision)
    server.forgetPages()
  }
  return {
    transport: {
      get: async (request) => server.get(kindOfPath(request.path), request),
      close: () => server.breakAll(),
    },
    create: put,
    update: async (_, after) => put(after),
    remove: async (object) => {
      const change = cluster.delete(kindOf(object), keyOf(object))
      if (change !== undefined) server.tell(change)
    },
    forget,
    bookmark: async () => {},
    pass: async (ms) => clock.advance(ms),
    close: async () => server.breakAll(),
  }
}

function transportWith(credentials: Credentials): ApiTransport {
  return createHttpsTransport({ credentials, userAgent: 'slicedns-tests' })
}

function kindOf({ kind }: ApiObject): (typeof KINDS)[number] {
  const found = KINDS.find((one) => one === kind)
  if (found === undefined) throw new RangeError(`The model holds no ${kind}`)
  return found
}

function kindOfPath(path: string): (typeof KINDS)[number] {
  const plural = path.split('?')[0]?.split('/').at(-1)
  const found = KINDS.find((kind) => `${kind.toLowerCase()}s` === plural)
  if (found === undefined) throw new RangeError(`The model does not serve ${path}`)
  return found
}
