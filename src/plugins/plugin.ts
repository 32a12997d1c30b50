import type { Directive, Position } from '../config/corefile.ts'
import type { ReplyCache } from '../forward/cache/reply-cache.ts'
import type { KeptForwarder } from '../forward/kept-forwarder.ts'
import type { ApiClusterOptions } from '../kubernetes/api/api-cluster-options.ts'
import type { ClusterStore } from '../kubernetes/cluster-store.ts'
import type { NamingOptions } from '../kubernetes/naming/naming-options.ts'
import type { LabelSelector } from '../kubernetes/selector.ts'
import type { HttpEndpoint } from '../metrics/http-endpoint.ts'
import type { MetricsRegistry } from '../metrics/registry.ts'
import type { DomainName } from '../wire/name.ts'
import type { IpAddress } from '../wire/rdata.ts'
import type { Query, Reply, Responder } from '../zone/responder.ts'
import type { ClientLimits } from './client-limits.ts'
import type { ZoneFile } from './file/zone-file.ts'
import type { HostsFile } from './hosts/hosts-file.ts'
import type { Readiness, ReadyCheck } from './readiness.ts'

/** A directive of the Corefile: its arguments become options, and those a responder. One per file, listed in order.ts. */
export interface Plugin {
  readonly name: string
  /**
   * Says, before the first block is set up, what this one will borrow together with others. Says nothing in the log; throws a
   * ConfigError.
   */
  announce?(directives: readonly Directive[], block: Pick<BlockContext, 'zones' | 'host'>): void
  /**
   * Checks every occurrence of the directive in one server block. Throws a ConfigError that names the place. What it
   * needs from outside it borrows from the host.
   */
  setup(directives: readonly Directive[], block: BlockContext): BlockParts
}

/** What one directive adds to its server block. */
export interface BlockParts {
  readonly responder?: Responder
  /** Stands in front of the block's `forward`, behind everything that answers from data of our own. */
  readonly beforeForward?: Responder
  /** True where the block can answer any name: RA is set in its replies. */
  readonly recursionAvailable?: boolean
  /** Whether the block takes the query at all; absent for every one. */
  readonly admits?: (query: Query) => boolean
  /** What the directive tells of queries, for those who ask where the block has `metadata`. */
  readonly metadataSource?: MetadataSource
  /** What all directives of the block tell. */
  readonly metadata?: MetadataSource
  /** The cluster that the block serves, for directives that look into it. */
  readonly cluster?: ClusterView
  /** Addresses to listen on instead of all. */
  readonly bindAddresses?: readonly string[]
  /** The most a UDP reply of the block holds, and what its OPT records say. */
  readonly udpPayloadSizeOctets?: number
  /** How much of the reasons is told: Extended DNS Errors and `_why` names. */
  readonly explain?: 'full' | 'code' | 'off'
  /** Of TCP connections to the ports of the block. */
  readonly tcp?: TcpTimeouts
  /** What clients are granted on the ports of the block. */
  readonly limits?: ClientLimits
  /** Answers class CH, which responders never see. */
  readonly answerChaos?: (query: Query) => Reply
  /** The name server identifier, for queries that ask for it (RFC 5001). */
  readonly nsid?: Uint8Array
  /** Whether the directive can answer as it should; without it, it always can. */
  readonly isReady?: () => boolean
  /** Pages that are served over HTTP to those who watch the process. */
  readonly httpEndpoints?: readonly HttpEndpoint[]
  /** How long the process goes on answering after it was asked to stop. */
  readonly lameduckMs?: number
  /** True where every log line about a fault of this program's own has its stack trace, not only the first of its kind. */
  readonly showsStacks?: true
  /** True where the queries of the block are counted. */
  readonly countsQueries?: true
  /** What relative paths in directives of the block start from. */
  readonly root?: string
  /** How often the process looks whether its Corefile has changed. */
  readonly reloadIntervalMs?: number
}

/** Tells something of a query under a label such as `kubernetes/namespace`; undefined where it has nothing under it. */
export type MetadataSource = (query: Query, label: string) => string | undefined

/** What a block asks of TCP connections; what is absent stays as it is. */
export interface TcpTimeouts {
  /** From a message's first octet to its last. */
  readonly readMs?: number
  /** Without anything taken of what waits for the client. */
  readonly writeMs?: number
  /** Without a query. */
  readonly idleMs?: number
  /** Infinity for any number. */
  readonly maxQueries?: number
}

/** The server block a directive stands in, and what the process lends it. */
export interface BlockContext {
  /** Of the block's keys, lower case. */
  readonly zones: readonly DomainName[]
  /** Of the block's `kubernetes`, to be asked when all is set up; undefined where it has none. */
  readonly cluster: () => ClusterView | undefined
  /** Of the block's `bind`, which is set up first; empty for all addresses. */
  readonly bindAddresses: readonly string[]
  /** Of this block's directives; complete once it is set up. */
  readonly metadataSources: readonly MetadataSource[]
  /** Of the block's `metadata`, to be asked when all is set up; undefined where it has none. */
  readonly metadata: () => MetadataSource | undefined
  /** NAME of the block's `view`; empty where it has none. */
  readonly viewName: string
  /** The first place where the block listens, as metrics name it: `dns://:53`. */
  readonly server: string
  /** Of the block's `root`, which is set up first. */
  readonly root?: string | undefined
  /**
   * The same in two configurations where the block's keys, its `bind`, this directive and all that queries reach after it are
   * written the same: replies that were kept then hold as well.
   */
  readonly stateKey: string
  /** Of the block's `cache`, which is set up before `forward`. */
  readonly beforeForward?: Responder | undefined
  /** Of this block's directives; complete once it is set up. */
  readonly checks: readonly ReadyCheck[]
  /** Of the whole configuration. */
  readonly readiness: Readiness
  readonly host: PluginHost
}

/** What a `kubernetes` directive serves: its options and the objects. */
export interface ClusterView {
  readonly naming: NamingOptions
  readonly store: ClusterStore
}

/**
 * Identity of a cluster: blocks that name the same one share its data. Of a live cluster they share it too where they follow more or
 * less of it: then it has what any of them needs.
 */
export interface ClusterIdentity {
  /** Folders of manifests; empty where `api` stands, and for the objects the process was started with. */
  readonly folders: readonly string[]
  /** Where each of them is asked for; no part of the identity. */
  readonly folderPositions?: readonly Position[]
  /** What is followed of a live cluster; undefined for manifests and objects. */
  readonly api: ApiClusterOptions | undefined
  /** Where `mass_delete_guard` is said, if it is; no part of the identity. */
  readonly guardPosition?: Position | undefined
  /** The `labels` expression, which decides what is kept at all. */
  readonly selectorText: string
  /** Undefined without an expression, and where `api` stands: the API server then does the selecting. */
  readonly selector: LabelSelector | undefined
}

/** Things of one kind that outlive the configuration that first asked for them. */
export interface Keeper<Value> {
  /** The one that a configuration still in force keeps under this key, else a new one. */
  get(key: string, create: () => Value): Value
}

/** What the process lends to plugins. It owns it all: a plan only borrows, so that data outlives a configuration. */
export interface PluginHost {
  readonly log: Log
  /** Where directives keep their metrics; asking for one by its name again gives the same. */
  readonly metrics: MetricsRegistry
  /** In [0, 1), for what need not be unpredictable. */
  readonly random: () => number
  readonly nowMs: () => number
  /** This program and its version, as `SliceDNS-0.1.0`. */
  readonly software: string
  /** Of this host, as the system has it. */
  readonly hostname: string
  /** True where the process was started with objects in code: `kubernetes` then needs no `manifests`. */
  readonly hasObjects: boolean
  /** Says that a block will ask for this cluster. Throws a ConfigError where another one contradicts it. */
  announceCluster(identity: ClusterIdentity): void
  cluster(identity: ClusterIdentity): ClusterStore
  readonly caches: Keeper<ReplyCache>
  readonly forwarders: Keeper<KeptForwarder>
  readonly zoneFiles: Keeper<ZoneFile>
  readonly hostsFiles: Keeper<HostsFile>
  /** Says that these zones are answered from our own data, in any block. */
  addOwnZones(zones: readonly DomainName[]): void
  /** Whether a zone of our own data holds the name. Complete once every block is set up. */
  isInOwnZone(lowerName: DomainName): boolean
  /** The same for zones of a cluster, whose data changes at any time: no cache stands in front of them. */
  addClusterZones(zones: readonly DomainName[]): void
  /** Whether a zone of a cluster holds the name. Complete once every block is set up. */
  isInClusterZone(lowerName: DomainName): boolean
  /** Called when the configuration is not in force any more, and none of its queries waits. */
  onClose(close: () => void): void
  /** Addresses of this host that the block listens on, neither loopback nor link-local; asked when needed, never cached. */
  ownAddresses(bindAddresses: readonly string[]): readonly IpAddress[]
  /** Whether this process itself listens there. */
  isOwnAddress(address: string, port: number): boolean
  /** Addresses of a network interface, empty where there is none of that name. */
  interfaceAddresses(name: string): readonly string[]
  readFile(path: string): string
  /** The same for files that may be large: nothing else waits meanwhile. */
  readFileLater(path: string): Promise<string>
  /** The addresses of a host, as the system knows them. Rejects where it knows none. */
  lookupHost(hostName: string): Promise<readonly string[]>
  /** Another text whenever the file has changed; undefined where it cannot be read. */
  fileStamp(path: string): string | undefined
  /** When the file was last changed, since 1970; undefined where it cannot be looked at. */
  modifiedSeconds(path: string): number | undefined
  /** Runs the task before the configuration is served; where it rejects with a ConfigError, the configuration is refused. */
  beforeServing(task: () => Promise<void>): void
  /** Runs the task again and again as long as the configuration is in force. A promise that it gives must not reject. */
  every(intervalMs: number, task: () => void | Promise<void>): void
}

/** Where operators read. Fields go beside the sentence, so that a machine can read them too. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
}
