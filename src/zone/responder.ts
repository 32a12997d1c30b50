import type { EdnsOption } from '../wire/edns.ts'
import type { ExtendedError } from '../wire/extended-error.ts'
import type { DomainName } from '../wire/name.ts'
import type { Question } from '../wire/question.ts'
import type { RRset } from './rrset.ts'

export type { Question }

/** What a responder says. The server adds header, question, OPT and RA, and cuts to size. */
export interface Reply {
  readonly rcode: number
  readonly authoritativeAnswer: boolean
  /** AD as an upstream gave it; shown only to clients that set AD or DO. */
  readonly authenticData?: boolean
  /** RA, where it is to be another than that of the block. */
  readonly recursionAvailable?: boolean
  /** RD, where it is to be another than in the query. */
  readonly recursionDesired?: boolean
  readonly answer: readonly RRset[]
  readonly authority: readonly RRset[]
  readonly additional: readonly RRset[]
  /** Why the answer is negative or failed. */
  readonly extendedError?: ExtendedError
  /** True where nothing here serves or forwards the name: no block matched, or the chain ended without an answer. */
  readonly unanswered?: true
  /** True where no cache may keep it: it holds data that changes without notice, or says only that this query failed. */
  readonly uncacheable?: true
  /** True where the client gets no reply at all (the `acl` directive). */
  readonly dropped?: true
  /** Set when something went wrong that an operator should read in the log (the `errors` directive). */
  readonly error?: string
}

/** Where a query came from. */
export interface Client {
  readonly address: string
  readonly port: number
  readonly transport: 'udp' | 'tcp'
}

/** What became of a query: told to `onReplied` listeners after the octets were handed to the socket. */
export interface Sent {
  readonly rcode: number
  readonly sizeOctets: number
  readonly authoritativeAnswer: boolean
  readonly truncated: boolean
  readonly recursionAvailable: boolean
  readonly authenticData: boolean
}

/** What directives tell of a query, under labels such as `kubernetes/namespace`: made when somebody asks, not before. */
export interface QueryMetadata {
  /** Undefined where nothing is told; empty where what is told is empty. */
  get(label: string): string | undefined
  /** Tells it from now on. */
  note(label: string, value: () => string): void
}

/** EDNS options of a query (RFC 6891 6.1.2). */
export interface QueryOptions {
  /** Of the client, less those that a directive took away: between it and us. Data may be views of its message. */
  readonly ofClient: readonly EdnsOption[]
  /** Those that directives set, which upstreams are asked with. */
  readonly forUpstream: readonly EdnsOption[]
}

/** One query on its way through a plugin chain. */
export interface Query {
  readonly question: Question
  /** `question.qname` in lower case: what names are compared by. */
  readonly lowerName: DomainName
  readonly id: number
  readonly recursionDesired: boolean
  readonly checkingDisabled: boolean
  readonly authenticData: boolean
  readonly dnssecOk: boolean
  /** Present where the query had a readable OPT record. */
  readonly udpPayloadSize: number | undefined
  readonly options: QueryOptions
  /** Present behind a `metadata` directive. */
  readonly metadata: QueryMetadata | undefined
  readonly sizeOctets: number
  readonly client: Client
  /** The address and port of ours that it was sent to. */
  readonly local: { readonly address: string; readonly port: number }
  /** 0 for what the client asked; one more for each `resolve` in between. */
  readonly depth: number
  /** Asks this server another question from block selection on, as the same client (CNAME chase). */
  resolve(question: Question): Reply | Promise<Reply>
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** Aborts `signal`, for everything that is asked on behalf of the same client. A reply is sent all the same. */
  giveUp(): void
  /** Calls back once, after the reply has been sent. */
  onReplied(listener: (sent: Sent, query: Query) => void): void
  /** The same query with another question: for plugins that rewrite before `next`. */
  withQuestion(question: Question): Query
  /** The same query as if RD had been so; what it resolves is asked so too. */
  withRecursionDesired(recursionDesired: boolean): Query
  /** The same query with other EDNS options; what it resolves has the client's again. */
  withOptions(options: QueryOptions): Query
  /** The same query, of which directives tell this; what it resolves is another query. */
  withMetadata(metadata: QueryMetadata): Query
}

export type Next = (query: Query) => Reply | Promise<Reply>

/** Everything that answers. Synchronous where nothing waits; `next` passes the query on. */
export type Responder = (query: Query, next: Next) => Reply | Promise<Reply>
