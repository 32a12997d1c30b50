import type { Namespace, Pod, Service } from '../../objects.ts'
import type { ApiStatus } from '../api-event.ts'
import type { Door } from './door.ts'
import { booleanOf, isObject, itemsOf, memberOf, numberOf, textOf, textsOf } from './json-fields.ts'
import type { ObjectMeta } from './object-meta.ts'
import type { PortFields } from './shrink-ports.ts'
import { shrinkPod } from './shrink-pod.ts'
import { shrinkService } from './shrink-service.ts'

/** A Service (core/v1). */
export function readService(object: unknown, meta: ObjectMeta, door: Door): Service {
  const spec = memberOf(object, 'spec')
  const ingress = itemsOf(memberOf(memberOf(object, 'status'), 'loadBalancer'), 'ingress')
  const fields = {
    type: textOf(spec, 'type'),
    clusterIP: textOf(spec, 'clusterIP'),
    clusterIPs: textsOf(spec, 'clusterIPs'),
    externalName: textOf(spec, 'externalName'),
    ports: readPorts(spec, door),
    publishNotReadyAddresses: booleanOf(spec, 'publishNotReadyAddresses', false),
    externalIPs: textsOf(spec, 'externalIPs'),
    ingressIPs: ingress.map((item) => textOf(item, 'ip')),
    ingressHostnames: ingress.map((item) => textOf(item, 'hostname')),
  }
  return shrinkService(meta, fields, door)
}

/** `ports` of a Service's spec, a slice or a subset. */
export function readPorts(holder: unknown, { texts }: Door): PortFields[] {
  return itemsOf(holder, 'ports').map((port) => ({
    name: texts.same(textOf(port, 'name')),
    protocol: textOf(port, 'protocol'),
    port: numberOf(port, 'port'),
  }))
}

/** A Pod (core/v1). */
export function readPod(object: unknown, meta: ObjectMeta, door: Door): Pod {
  const status = memberOf(object, 'status')
  const podIPs = itemsOf(status, 'podIPs').map((item) => textOf(item, 'ip'))
  return shrinkPod(meta, { phase: textOf(status, 'phase'), podIP: textOf(status, 'podIP'), podIPs }, door)
}

/** A Namespace (core/v1). */
export function readNamespace(object: unknown, meta: ObjectMeta, { texts }: Door): Namespace {
  const labels = memberOf(memberOf(object, 'metadata'), 'labels')
  const keys = isObject(labels) ? Object.keys(labels) : []
  const entries = keys.map((key) => [texts.same(key), texts.same(textOf(labels, key))])
  return { kind: 'Namespace', name: meta.name, labels: Object.fromEntries(entries) }
}

/** A Status (meta/v1). Throws `BrokenObject`. */
export function readStatus(object: unknown): ApiStatus {
  const seconds = numberOf(memberOf(object, 'details'), 'retryAfterSeconds')
  return {
    code: numberOf(object, 'code'),
    reason: textOf(object, 'reason'),
    message: textOf(object, 'message'),
    retryAfterSeconds: seconds === 0 ? undefined : seconds,
  }
}
