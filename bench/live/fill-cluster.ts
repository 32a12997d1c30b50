import type { ControlPlane } from '../../test/control-plane/control-plane.ts'
import type { ApiObject } from '../../test/helpers/api-object.ts'
import type { BenchCluster } from '../cluster.ts'

/** How many writes are under way at a time. */
const WRITERS = 32

/** Writes the objects of the cluster to the API server, which gives Services their addresses. */
export async function fillCluster(
  plane: ControlPlane,
  { objects }: BenchCluster,
  say: (line: string) => void,
): Promise<void> {
  for (const kind of ['Namespace', 'Service', 'EndpointSlice']) {
    const waiting = objects.filter((object) => object.kind === kind).map(withoutAddress)
    const total = waiting.length
    let written = 0
    const write = async (): Promise<void> => {
      for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
        await plane.client.create(object)
        written++
        if (written % 2500 === 0) say(`${kind}: ${written} of ${total} written`)
      }
    }
    await Promise.all(Array.from({ length: WRITERS }, write))
  }
}

/** The made-up cluster IPs are not in this server's range. */
function withoutAddress(object: ApiObject): ApiObject {
  const { spec } = object
  if (object.kind !== 'Service' || typeof spec !== 'object' || spec === null) return object
  if ('clusterIP' in spec && spec.clusterIP === 'None') return object
  return { ...object, spec: { ...spec, clusterIP: undefined, clusterIPs: undefined } }
}
