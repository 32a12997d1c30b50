import type { QueryMetrics } from '../metrics/query-metrics.ts'
import type { DomainName } from '../wire/name.ts'
import type { Next, Query, Reply } from '../zone/responder.ts'

/** What one server block means to the server, for one of its zones. */
export interface BlockPlan {
  /** In lower case. */
  readonly zone: DomainName
  /** The block's directives, composed into one chain. */
  readonly answer: Next
  /** Whether the block takes the query (`view`); the next one with the same zone is asked otherwise. Absent: every one. */
  readonly admits?: ((query: Query) => boolean) | undefined
  /** Whether the block forwards: RA in all its replies. */
  readonly recursionAvailable: boolean
  /** What our OPT says we can receive, and the most we send over UDP (RFC 6891 6.2.3; default 1232). */
  readonly udpPayloadSizeOctets: number
  /** How much of an Extended DNS Error is sent. */
  readonly explain: 'full' | 'code' | 'off'
  /** Answers class CH (RFC 4892), which is refused without it; nothing else sees another class than IN. */
  readonly answerChaos?: ((query: Query) => Reply) | undefined
  /** What tells this server from its replicas, for those who ask with an NSID option (RFC 5001). */
  readonly nsid?: Uint8Array | undefined
  /** Where its queries are counted, if they are. */
  readonly metrics?: QueryMetrics | undefined
}

/** Which block answers what, on one group of listeners. Never changes: a reload makes another one. */
export interface ServingPlan {
  /**
   * The block with the longest zone that holds the name, the root last. A DS query goes to the block with the shortest
   * zone other than the root: DS lives on the parent's side of a zone cut (RFC 4035 3.1.4.1). Of several with the same
   * zone the first that admits the query; without a query, the first that admits all.
   */
  match(lowerName: DomainName, qtype: number, query?: Query): BlockPlan | undefined
  /** Where queries are counted that no block takes, if they are. */
  readonly droppedMetrics?: QueryMetrics | undefined
}

const TYPE_DS = 43
const DOT = 0x2e
const BACKSLASH = 0x5c

export function createServingPlan(blocks: readonly BlockPlan[], droppedMetrics?: QueryMetrics): ServingPlan {
  const blockOf = Map.groupBy<string, BlockPlan>(blocks, (block) => block.zone)
  const root = blockOf.get('.')
  blockOf.delete('.')
  const longestFirst = [...new Set([...blockOf.keys()].map((zone) => zone.length))].toSorted((a, b) => b - a)
  const shortestFirst = longestFirst.toReversed()

  return {
    droppedMetrics,
    match(lowerName, qtype, query) {
      for (const length of qtype === TYPE_DS ? shortestFirst : longestFirst) {
        if (!isLabelBoundary(lowerName, lowerName.length - length)) continue
        const block = admitting(blockOf.get(lowerName.slice(-length)), query)
        if (block !== undefined) return block
      }
      return admitting(root, query)
    },
  }
}

function admitting(
  blocks: readonly BlockPlan[] | undefined,
  query: Query | undefined,
): BlockPlan | undefined {
  return blocks?.find(({ admits }) => admits === undefined || (query !== undefined && admits(query)))
}

/** Whether a label starts at `index`: the start of the name, or after a dot that no backslash escapes. */
function isLabelBoundary(name: string, index: number): boolean {
  if (index <= 0) return index === 0
  if (name.charCodeAt(index - 1) !== DOT) return false
  let backslashes = 0
  while (name.charCodeAt(index - 2 - backslashes) === BACKSLASH) backslashes++
  return backslashes % 2 === 0
}
