import { LEADER_ANNOTATION } from '../../controllers/endpoint-slice-mirroring.ts'
import { TOLERATE_UNREADY } from '../../controllers/read-service.ts'
import type { Labels } from '../../objects.ts'

/** Set by the EndpointSlice controllers: when that changed which made them write. RFC 3339. */
const LAST_CHANGE_TRIGGER = 'endpoints.kubernetes.io/last-change-trigger-time'

/** Set in the bookmark that ends the initial events of a watch (Kubernetes "API Concepts", streaming lists). */
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end'

/** What is read of an ObjectMeta (meta/v1). Everything else, however large, is stepped over. */
export interface ObjectMeta {
  name: string
  namespace: string
  resourceVersion: string
  /** From the deletionTimestamp on. */
  isTerminating: boolean
  /** Label kubernetes.io/service-name; empty without it. */
  serviceName: string
  /** Annotation control-plane.alpha.kubernetes.io/leader, whatever it says. */
  isLeaderLock: boolean
  /** What publishNotReadyAddresses was before it was a field. */
  toleratesUnready: boolean
  /** Unix time in milliseconds. */
  lastChangeTriggerMs: number | undefined
  isInitialEventsEnd: boolean
}

/** Labels of everything but Namespaces: the API server does the selecting, so they are not kept. */
export const NO_LABELS: Labels = Object.freeze({})

export function emptyMeta(): ObjectMeta {
  return {
    name: '',
    namespace: '',
    resourceVersion: '',
    isTerminating: false,
    serviceName: '',
    isLeaderLock: false,
    toleratesUnready: false,
    lastChangeTriggerMs: undefined,
    isInitialEventsEnd: false,
  }
}

export const READ_ANNOTATIONS: ReadonlySet<string> = new Set([
  LAST_CHANGE_TRIGGER,
  LEADER_ANNOTATION,
  TOLERATE_UNREADY,
  INITIAL_EVENTS_END,
])

/** Takes an annotation of `READ_ANNOTATIONS` in. */
export function noteAnnotation(meta: ObjectMeta, key: string, value: string): void {
  if (key === LAST_CHANGE_TRIGGER) meta.lastChangeTriggerMs = rfc3339Ms(value)
  else if (key === LEADER_ANNOTATION) meta.isLeaderLock = true
  else if (key === TOLERATE_UNREADY) meta.toleratesUnready = value === 'true'
  else meta.isInitialEventsEnd = value === 'true'
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

/** Unix time in milliseconds of an RFC 3339 time; undefined where it is none. */
function rfc3339Ms(text: string): number | undefined {
  const timeMs = RFC_3339.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(timeMs) ? undefined : timeMs
}
