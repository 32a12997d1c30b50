import { isDeepStrictEqual } from 'node:util'
import type { IpAddress } from '../wire/rdata.ts'
import { AddressIndex } from './address-index.ts'
import { NamespacedMap } from './namespaced-map.ts'
import type {
  ClusterObject,
  EndpointSlice,
  Labels,
  Namespace,
  ObjectReference,
  Pod,
  Service,
} from './objects.ts'
import { referenceTo } from './objects.ts'
import { type ServiceEntry, withoutSlice, withService, withSlice } from './service-entry.ts'
import { SliceAddresses } from './slice-addresses.ts'
import type { ClusterSink } from './source.ts'

export interface ClusterStoreOptions {
  /** Unix time in whole seconds: what serials are made of. */
  readonly nowSeconds: () => number
  /** Services, EndpointSlices and Pods whose labels it refuses count as gone (`labels` of the Corefile). */
  readonly matches?: ((labels: Labels) => boolean) | undefined
}

/** A cluster's objects and the indexes that names are looked up by. A change costs the size of the changed object. */
export class ClusterStore implements ClusterSink {
  readonly #nowSeconds: () => number
  readonly #matches: ((labels: Labels) => boolean) | undefined
  readonly #namespaces = new Map<string, Namespace>()
  readonly #entries = new NamespacedMap<ServiceEntry>()
  readonly #slices = new NamespacedMap<EndpointSlice>()
  readonly #pods = new NamespacedMap<Pod>()
  readonly #servicesByAddress = new AddressIndex<Service>()
  readonly #servicesByExternalAddress = new AddressIndex<Service>()
  readonly #slicesByAddress = new SliceAddresses()
  readonly #podsByAddress = new AddressIndex<Pod>()
  readonly #unavailable = new Map<ClusterObject['kind'], string>()
  #sourceState: () => readonly string[] = () => []
  #sourceDoubts: () => readonly string[] = () => []
  #synced = false
  #serial = 0
  #changed = true

  constructor({ nowSeconds, matches }: ClusterStoreOptions) {
    this.#nowSeconds = nowSeconds
    this.#matches = matches
  }

  apply(object: ClusterObject): boolean {
    const reference = referenceTo(object)
    if (object.kind !== 'Namespace' && this.#matches?.(object.labels) === false) {
      const isKnown = this.#get(reference) !== undefined
      this.remove(reference)
      return isKnown
    }
    const before = this.#get(reference)
    if (before !== undefined && isDeepStrictEqual(before, object)) return false
    this.#changed = true
    this.#replace(before, object)
    return true
  }

  remove(reference: ObjectReference): void {
    const before = this.#get(reference)
    if (before === undefined) return
    this.#changed = true
    this.#replace(before, undefined)
  }

  markSynced(): void {
    this.#synced = true
  }

  markUnavailable(kind: ClusterObject['kind'], why: string | undefined): void {
    if (why === undefined) this.#unavailable.delete(kind)
    else this.#unavailable.set(kind, why)
  }

  describe(state: () => readonly string[], doubts: () => readonly string[] = () => []): void {
    this.#sourceState = state
    this.#sourceDoubts = doubts
  }

  /** Why objects of this kind cannot be had; undefined where they can. */
  whyUnavailable(kind: ClusterObject['kind']): string | undefined {
    return this.#unavailable.get(kind)
  }

  /** What the source of the objects is doing, a sentence each. */
  sourceState(): readonly string[] {
    return this.#sourceState()
  }

  /** Why what is known may be out of date, a sentence each; nothing while the source is well. */
  sourceDoubts(): readonly string[] {
    return this.#sourceDoubts()
  }

  /** Whether a complete state has been told once: what is not known does not exist. Never false again. */
  get hasSynced(): boolean {
    return this.#synced
  }

  /**
   * The SOA serial (RFC 1035 3.3.13, differences.md 25): the second in which a change was first looked at. Never ahead
   * of the clock and never lower than before, so that a restart continues upwards too; of several changes within one
   * second, the later ones show when the second is over.
   */
  get serial(): number {
    if (!this.#changed) return this.#serial
    const now = this.#nowSeconds()
    if (now > this.#serial) {
      this.#serial = now
      this.#changed = false
    }
    return this.#serial
  }

  namespace(name: string): Namespace | undefined {
    return this.#namespaces.get(name)
  }

  namespaceNames(): Iterable<string> {
    return this.#namespaces.keys()
  }

  /** The Service and its slices; also where only slices are known. */
  entry(namespace: string, service: string): ServiceEntry | undefined {
    return this.#entries.get(namespace, service)
  }

  /** All entries of one namespace, by Service name. */
  entriesIn(namespace: string): ReadonlyMap<string, ServiceEntry> {
    return this.#entries.in(namespace)
  }

  /** Services that have this cluster IP. */
  servicesAt(address: IpAddress): readonly Service[] {
    return this.#servicesByAddress.get(address)
  }

  /** Services that are reached from outside at this address. */
  servicesAtExternal(address: IpAddress): readonly Service[] {
    return this.#servicesByExternalAddress.get(address)
  }

  /** EndpointSlices of Services, ready or not, that hold this address. */
  slicesAt(address: IpAddress): readonly EndpointSlice[] {
    return this.#slicesByAddress.get(address)
  }

  /** A Pod of this namespace that is alive and has this address. */
  podAt(namespace: string, address: IpAddress): Pod | undefined {
    return this.#podsByAddress.get(address).find((pod) => pod.namespace === namespace && pod.alive)
  }

  /** Pods of any namespace that are alive and have this address: several where they share that of their node. */
  podsAt(address: IpAddress): readonly Pod[] {
    return this.#podsByAddress.get(address).filter((pod) => pod.alive)
  }

  /** Whether `test` is true of a cluster IP in the range. Cost: see AddressIndex. */
  someClusterIPWithin(low: IpAddress, high: IpAddress, test: (address: IpAddress) => boolean): boolean {
    return this.#servicesByAddress.someWithin(low, high, test)
  }

  /** Whether `test` is true of an endpoint's address in the range. Cost: see AddressIndex. */
  someEndpointWithin(low: IpAddress, high: IpAddress, test: (address: IpAddress) => boolean): boolean {
    return this.#slicesByAddress.someWithin(low, high, test)
  }

  /**
   * Completes the index of endpoints' addresses, a slice at each step: for when the cluster has been read. Who asks for an address
   * before has to wait for all that is left of it.
   */
  indexAddresses(): Generator<undefined, void> {
    return this.#slicesByAddress.takeIn()
  }

  #get({ kind, namespace, name }: ObjectReference): ClusterObject | undefined {
    if (kind === 'Service') return this.#entries.get(namespace, name)?.service
    if (kind === 'EndpointSlice') return this.#slices.get(namespace, name)
    return kind === 'Pod' ? this.#pods.get(namespace, name) : this.#namespaces.get(name)
  }

  #replace(before: ClusterObject | undefined, after: ClusterObject | undefined): void {
    if (before !== undefined) this.#delete(before)
    if (after !== undefined) this.#insert(after)
  }

  #delete(object: ClusterObject): void {
    switch (object.kind) {
      case 'Service':
        for (const address of object.clusterIPs) this.#servicesByAddress.remove(address, object)
        for (const address of externalIPs(object)) this.#servicesByExternalAddress.remove(address, object)
        this.#update(object.namespace, object.name, (entry) => withService(entry, undefined))
        return
      case 'EndpointSlice':
        this.#slices.delete(object.namespace, object.name)
        if (object.serviceName === '') return
        this.#slicesByAddress.remove(object)
        this.#update(object.namespace, object.serviceName, (entry) => withoutSlice(entry, object.name))
        return
      case 'Pod':
        this.#pods.delete(object.namespace, object.name)
        for (const address of object.podIPs) this.#podsByAddress.remove(address, object)
        return
      case 'Namespace':
        this.#namespaces.delete(object.name)
    }
  }

  #insert(object: ClusterObject): void {
    switch (object.kind) {
      case 'Service':
        for (const address of object.clusterIPs) this.#servicesByAddress.add(address, object)
        for (const address of externalIPs(object)) this.#servicesByExternalAddress.add(address, object)
        this.#update(object.namespace, object.name, (entry) => withService(entry, object))
        return
      case 'EndpointSlice':
        this.#slices.set(object.namespace, object.name, object)
        if (object.serviceName === '') return
        this.#slicesByAddress.add(object)
        this.#update(object.namespace, object.serviceName, (entry) => withSlice(entry, object))
        return
      case 'Pod':
        this.#pods.set(object.namespace, object.name, object)
        for (const address of object.podIPs) this.#podsByAddress.add(address, object)
        return
      case 'Namespace':
        this.#namespaces.set(object.name, object)
    }
  }

  #update(namespace: string, name: string, change: (entry: ServiceEntry) => ServiceEntry): void {
    const known = this.#entries.get(namespace, name)
    const entry = change(known ?? { namespace, name, service: undefined, slices: [] })
    if (entry.service === undefined && entry.slices.length === 0) this.#entries.delete(namespace, name)
    else this.#entries.set(namespace, name, entry)
  }
}

function externalIPs({ externalAddresses = [] }: Service): readonly IpAddress[] {
  return externalAddresses.filter((address) => typeof address !== 'string')
}
