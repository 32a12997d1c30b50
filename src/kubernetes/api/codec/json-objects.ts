import type { Namespace, Pod, Service } from '../../objects.ts'
import type { ApiStatus } from '../api-event.ts'
import type { Door } from './door.ts'
import { type JsonObject, asBoolean, asItems, asNumber, asObject, asText, asTexts } from './json-fields.ts'
import { readPorts } from './json-ports.ts'
import type { ObjectMeta } from './object-meta.ts'
import { shrinkPod } from './shrink-pod.ts'
import { shrinkService } from './shrink-service.ts'

/** A Service (core/v1). */
export function readService(object: JsonObject, meta: ObjectMeta, door: Door): Service {
  const spec = asObject(object['spec'], 'spec')
  const loadBalancer = asObject(asObject(object['status'], 'status')['loadBalancer'], 'loadBalancer')
  const ingress = asItems(loadBalancer['ingress'], 'ingress').map((item) => asObject(item, 'ingress'))
  const fields = {
    type: asText(spec['type'], 'type'),
    clusterIP: asText(spec['clusterIP'], 'clusterIP'),
    clusterIPs: asTexts(spec['clusterIPs'], 'clusterIPs'),
    externalName: asText(spec['externalName'], 'externalName'),
    ports: door.servicePorts.share(readPorts(spec['ports'], door.texts)),
    publishNotReadyAddresses:
      asBoolean(spec['publishNotReadyAddresses'], 'publishNotReadyAddresses') ?? false,
    externalIPs: asTexts(spec['externalIPs'], 'externalIPs'),
    ingressIPs: ingress.map(({ ip }) => asText(ip, 'ip')),
    ingressHostnames: ingress.map(({ hostname }) => asText(hostname, 'hostname')),
  }
  return shrinkService(meta, fields, door.problems)
}

/** A Pod (core/v1). */
export function readPod(object: JsonObject, meta: ObjectMeta, door: Door): Pod {
  const status = asObject(object['status'], 'status')
  const fields = {
    phase: asText(status['phase'], 'phase'),
    podIP: asText(status['podIP'], 'podIP'),
    podIPs: asItems(status['podIPs'], 'podIPs').map((item) => asText(asObject(item, 'podIPs')['ip'], 'ip')),
  }
  return shrinkPod(meta, fields, door)
}

/** A Namespace (core/v1). */
export function readNamespace(object: JsonObject, meta: ObjectMeta, { texts }: Door): Namespace {
  const labels = asObject(asObject(object['metadata'], 'metadata')['labels'], 'labels')
  const entries = Object.entries(labels).map(([key, value]) => [
    texts.same(key),
    texts.same(asText(value, 'a label')),
  ])
  return { kind: 'Namespace', name: meta.name, labels: Object.fromEntries(entries) }
}

/** A Status (meta/v1). Throws `BrokenObject`. */
export function readStatus(object: JsonObject): ApiStatus {
  const seconds = asNumber(asObject(object['details'], 'details')['retryAfterSeconds'], 'retryAfterSeconds')
  return {
    code: asNumber(object['code'], 'code'),
    reason: asText(object['reason'], 'reason'),
    message: asText(object['message'], 'message'),
    retryAfterSeconds: seconds === 0 ? undefined : seconds,
  }
}
