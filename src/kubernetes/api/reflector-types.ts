import type { Pause } from '../pause.ts'
import type { ApiItem } from './api-event.ts'
import type { ApiResource } from './api-resource.ts'
import type { ApiTransport } from './api-transport.ts'
import type { Clock } from './clock.ts'

export interface ReflectorOptions {
  readonly resource: ApiResource
  /** The only namespace whose objects are asked for; undefined for all. */
  readonly namespace: string | undefined
  /** As kubectl takes them; empty for none. The server does the selecting. */
  readonly labelSelector: string
  readonly fieldSelector: string
  readonly transport: ApiTransport
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly sink: ReflectorSink
  /** Whether a complete list that would remove more than half of more than 100 objects waits for a second one (differences.md 29). */
  readonly guardsMassDelete: boolean
  /** Cuts long work into slices, so that queries are answered meanwhile; the clock of the process where it is not given. */
  readonly pause?: Pause
}

/** Where a reflector tells what it learns, in order. None of these may throw. */
export interface ReflectorSink {
  /** This object is now so. Also told again and again for objects that did not change. `item.object` is never undefined. */
  apply(item: ApiItem): void
  /** This object is gone: an event said so, or a complete list does not hold it. */
  remove(reference: { readonly namespace: string; readonly name: string }): void
  /** A complete state has been told. Told after each complete list. */
  synced(): void
  /** Something that people should know changed: of `status`. Told once per change of `failure`, `held` or the quarantine. */
  statusChanged(): void
}

/** What a reflector is doing, for metrics, `_why` and log lines. Times are the clock's. */
export interface ReflectorStatus {
  readonly phase: 'listing' | 'watching' | 'waiting' | 'stopped'
  /** Whether a complete list has been told once. Never false again. */
  readonly hasSynced: boolean
  /** Objects that are known. */
  readonly objects: number
  /** When the last complete list ended. */
  readonly lastListMs: number | undefined
  /** When the last event, bookmark or list came. */
  readonly lastEventMs: number | undefined
  /** When the watch that is open was opened. */
  readonly watchSinceMs: number | undefined
  /** Watches opened after the first. */
  readonly restarts: number
  /** Complete lists. */
  readonly lists: number
  /** Streams that could not be read on: each was followed by another watch or list, so nothing was lost. */
  readonly malformedStreams: number
  /** Why the last attempt failed, on one line; undefined while all is well. */
  readonly failure: ReflectorFailure | undefined
  /** A list that waits to be confirmed: how many of how many known objects it would remove. */
  readonly held: { readonly removed: number; readonly known: number } | undefined
  /** By namespace/name: why an object, or a part of it, is not served. At most 100 are named. */
  readonly quarantined: ReadonlyMap<string, string>
}

export interface ReflectorFailure {
  readonly message: string
  /** HTTP status of the answer; 0 where there was none. 403 and 404 mean that this resource is not to be had. */
  readonly status: number
}
