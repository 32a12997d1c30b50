import type { ClusterObject, EndpointSlice } from '../objects.ts'

/** Endpoints (core/v1) as the slices that the EndpointSliceMirroring controller would make of them. */
export interface ShrunkEndpoints {
  readonly kind: 'Endpoints'
  readonly namespace: string
  readonly name: string
  /** Each under a name of its own that begins with the name of the Endpoints. */
  readonly slices: readonly EndpointSlice[]
}

export type ApiObject = ClusterObject | ShrunkEndpoints

/** An object as it came through the door: shrunk to what DNS needs. */
export interface ApiItem {
  /** Empty for a Namespace. */
  readonly namespace: string
  readonly name: string
  /** Opaque (Kubernetes "API Concepts"). */
  readonly resourceVersion: string
  /** Undefined where it cannot be served at all: `problems` then says why. */
  readonly object: ApiObject | undefined
  /** What was left out of it or wrong with it, a sentence each. Empty for nearly all: one shared array. */
  readonly problems: readonly string[]
  /** Annotation endpoints.kubernetes.io/last-change-trigger-time, Unix time in milliseconds; undefined without it. */
  readonly lastChangeTriggerMs: number | undefined
}

/** What a watch says (Kubernetes "API Concepts", watch). */
export type ApiEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly item: ApiItem }
  | {
      readonly type: 'BOOKMARK'
      readonly resourceVersion: string
      /** Annotation k8s.io/initial-events-end: all that existed at the start of the watch has been told. */
      readonly isInitialEventsEnd: boolean
    }
  | { readonly type: 'ERROR'; readonly status: ApiStatus }

/** A Status (meta/v1), as errors of the API are told. */
export interface ApiStatus {
  /** As of HTTP; 0 where it does not say. */
  readonly code: number
  /** Such as `Expired`; empty where it does not say. */
  readonly reason: string
  /** For people; empty where it does not say. */
  readonly message: string
  /** details.retryAfterSeconds; undefined where it does not say. */
  readonly retryAfterSeconds: number | undefined
}

/** What stands in a list beside its items (ListMeta). */
export interface ListEnd {
  readonly resourceVersion: string
  /** For the next page; empty on the last. */
  readonly continueToken: string
}

/**
 * Takes a list apart while it arrives. Both methods throw `MalformedStream` where the octets cannot be a list; an object that is
 * wrong in itself is an item with problems.
 */
export interface ListDecoder {
  /** The items that this piece completes. */
  push(chunk: Uint8Array): readonly ApiItem[]
  /** Throws `MalformedStream` too where the list is not complete. */
  end(): ListEnd
}

/** Takes a watch apart while it arrives. Throws `MalformedStream` as `ListDecoder` does. */
export interface WatchDecoder {
  /** The events that this piece completes. */
  push(chunk: Uint8Array): readonly ApiEvent[]
}

/** How objects are written on the way: protobuf or JSON, behind one interface. */
export interface ApiCodec {
  /** Its decoders share interned texts. */
  listDecoder(): ListDecoder
  watchDecoder(): WatchDecoder
  /** Of the whole body of a failed request. Never throws: what cannot be read has code 0 and empty texts. */
  decodeStatus(body: Uint8Array): ApiStatus
}

/** The octets are not what was asked for: cut, broken, or of something else. The message says what was seen. */
export class MalformedStream extends Error {
  override readonly name = 'MalformedStream'
}
