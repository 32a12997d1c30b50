import { ExtendedErrorCode } from '../wire/extended-error.ts'
import { lowerCase } from '../wire/name.ts'
import type { DomainName } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import { MAX_CNAME_LINKS } from '../zone/cname-chain.ts'
import type { Client, Query, QueryMetadata, QueryOptions, Question, Reply, Sent } from '../zone/responder.ts'
import { errorReply } from './error-reply.ts'

/** An address and port of ours. */
export interface LocalEndpoint {
  readonly address: string
  readonly port: number
}

/** What every question asked on behalf of one client query has in common: the fields of Query, read from the message. */
export type QueryOrigin = Pick<
  Query,
  | 'id'
  | 'recursionDesired'
  | 'checkingDisabled'
  | 'authenticData'
  | 'dnssecOk'
  | 'udpPayloadSize'
  | 'options'
  | 'sizeOctets'
> & {
  readonly client: Client
  readonly local: LocalEndpoint
  /** Whether the OPT record had an NSID option, empty or not (RFC 5001 2.1). */
  readonly asksForNsid: boolean
}

/** Asks whichever block serves the query's name. Never throws, never rejects. */
export type Ask = (query: ServerQuery) => Reply | Promise<Reply>

/** One client query while it is being answered: who asked, and who is to be told when it ends. */
export class QueryLife {
  readonly origin: QueryOrigin
  readonly ask: Ask
  /** The last directive that the client's own question has reached: the one that answers it. */
  directive = ''
  #abort: AbortController | undefined
  #aborted = false
  #listeners: { readonly listener: (sent: Sent, query: Query) => void; readonly query: Query }[] | undefined

  constructor(origin: QueryOrigin, ask: Ask) {
    this.origin = origin
    this.ask = ask
  }

  /** Made when first looked at: an answer that waits for nothing needs none. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController()
      if (this.#aborted) this.#abort.abort()
    }
    return this.#abort.signal
  }

  abort(): void {
    this.#aborted = true
    this.#abort?.abort()
  }

  onReplied(listener: (sent: Sent, query: Query) => void, query: Query): void {
    this.#listeners ??= []
    this.#listeners.push({ listener, query })
  }

  get hasListeners(): boolean {
    return this.#listeners !== undefined
  }

  /** Calls every listener once. What a listener throws goes to `onError`; the others are still called. */
  replied(sent: Sent, onError: (error: unknown) => void): void {
    const listeners = this.#listeners ?? []
    this.#listeners = undefined
    for (const { listener, query } of listeners) {
      try {
        listener(sent, query)
      } catch (error) {
        onError(error)
      }
    }
  }
}

/** What directives made of a query on its way. */
interface QueryChanges {
  readonly recursionDesired: boolean | undefined
  readonly options: QueryOptions | undefined
  readonly metadata: QueryMetadata | undefined
}

const UNCHANGED: QueryChanges = { recursionDesired: undefined, options: undefined, metadata: undefined }

/** A question on its way through the chains: the client's own, one asked by `resolve`, or one that a plugin rewrote. */
export class ServerQuery implements Query {
  readonly question: Question
  readonly lowerName: DomainName
  readonly depth: number
  readonly #life: QueryLife
  readonly #changes: QueryChanges

  constructor(
    life: QueryLife,
    question: Question,
    lowerName: DomainName,
    depth: number,
    changes: QueryChanges = UNCHANGED,
  ) {
    this.question = question
    this.lowerName = lowerName
    this.depth = depth
    this.#life = life
    this.#changes = changes
  }

  /** Notes that the query has come to this directive. What is asked on its behalf is no answer to the client. */
  reached(directive: string): void {
    if (this.depth === 0) this.#life.directive = directive
  }

  get id(): number {
    return this.#life.origin.id
  }

  get recursionDesired(): boolean {
    return this.#changes.recursionDesired ?? this.#life.origin.recursionDesired
  }

  get options(): QueryOptions {
    return this.#changes.options ?? this.#life.origin.options
  }

  get metadata(): QueryMetadata | undefined {
    return this.#changes.metadata
  }

  get checkingDisabled(): boolean {
    return this.#life.origin.checkingDisabled
  }

  get authenticData(): boolean {
    return this.#life.origin.authenticData
  }

  get dnssecOk(): boolean {
    return this.#life.origin.dnssecOk
  }

  get udpPayloadSize(): number | undefined {
    return this.#life.origin.udpPayloadSize
  }

  get sizeOctets(): number {
    return this.#life.origin.sizeOctets
  }

  get client(): Client {
    return this.#life.origin.client
  }

  get local(): LocalEndpoint {
    return this.#life.origin.local
  }

  get signal(): AbortSignal {
    return this.#life.signal
  }

  giveUp(): void {
    this.#life.abort()
  }

  /** Each call is a link of a chain, so that a circle ends. */
  resolve(question: Question): Reply | Promise<Reply> {
    if (this.depth >= MAX_CNAME_LINKS) return TOO_DEEP
    const { recursionDesired } = this.#changes
    const changes = recursionDesired === undefined ? UNCHANGED : { ...UNCHANGED, recursionDesired }
    const lowerName = lowerCase(question.qname)
    return this.#life.ask(new ServerQuery(this.#life, question, lowerName, this.depth + 1, changes))
  }

  /** Listeners of nested questions are called too, with what became of the client's: look at `depth` to tell them apart. */
  onReplied(listener: (sent: Sent, query: Query) => void): void {
    this.#life.onReplied(listener, this)
  }

  withQuestion(question: Question): Query {
    return new ServerQuery(this.#life, question, lowerCase(question.qname), this.depth, this.#changes)
  }

  withRecursionDesired(recursionDesired: boolean): Query {
    const { options, metadata } = this.#changes
    return this.#changed({ recursionDesired, options, metadata })
  }

  withOptions(options: QueryOptions): Query {
    const { recursionDesired, metadata } = this.#changes
    return this.#changed({ recursionDesired, options, metadata })
  }

  withMetadata(metadata: QueryMetadata): Query {
    const { recursionDesired, options } = this.#changes
    return this.#changed({ recursionDesired, options, metadata })
  }

  /** Without a spread, which takes 0.1 µs. */
  #changed(changes: QueryChanges): ServerQuery {
    return new ServerQuery(this.#life, this.question, this.lowerName, this.depth, changes)
  }
}

const TOO_DEEP = errorReply(Rcode.SERVFAIL, {
  code: ExtendedErrorCode.OTHER,
  text: `the chain of names has more than ${MAX_CNAME_LINKS} links, or runs in a circle`,
})
