import type { ClusterObject } from '../objects.ts'
import type { ApiResource } from './api-resource.ts'
import type { ReflectorSink, ReflectorStatus } from './reflector-types.ts'

/** Objects of one kind, of one namespace or all, as a part of what a source tells. */
export interface Feed {
  readonly kind: ClusterObject['kind']
  start(): void
  stop(): void
  /** Whether all of it has been told that is to be had as things stand. */
  readonly isSettled: boolean
  /** Why there is nothing to be had, on one line; undefined where there is, or may be soon. */
  readonly whyUnavailable: string | undefined
  /** What is followed for it now. */
  readonly watches: readonly ApiWatch[]
}

/** One collection that is followed. */
export interface ApiWatch {
  readonly resource: ApiResource
  /** Undefined for all. */
  readonly namespace: string | undefined
  readonly status: ReflectorStatus
}

/** What a reflector follows. */
export interface Collection {
  readonly resource: ApiResource
  /** Undefined for all. */
  readonly namespace: string | undefined
  /** As kubectl takes them; empty for none. */
  readonly labelSelector: string
  readonly fieldSelector: string
}

/** Makes a reflector that shares everything but these with the others of its source. */
export type Reflect = (
  collection: Collection,
  told: Pick<ReflectorSink, 'apply' | 'remove'> & Partial<Pick<ReflectorSink, 'synced' | 'statusChanged'>>,
) => Following

/** A reflector, as far as feeds are concerned. */
export interface Following {
  readonly status: ReflectorStatus
  start(): void
  /** Nothing is told any more. */
  stop(): void
}

/**
 * Why the API server does not give a collection that was never seen: it is forbidden, or not served. Who has seen it once goes on
 * with what is known, whatever is said later.
 */
export function whyRefused({ hasSynced, failure }: ReflectorStatus): string | undefined {
  const isRefused = failure?.status === 403 || failure?.status === 404
  return isRefused && !hasSynced ? failure.message : undefined
}
