import type { Counters } from './counters.ts'
import type { MetricSpec } from './family.ts'
import type { MetricsReaders } from './reader-scope.ts'

interface CounterPlace {
  readonly name: string
  readonly help: string
  /** Where several counters are one metric, told apart by this label. */
  readonly reason?: string
}

const dropped = { name: 'slicedns_datagrams_dropped_total', help: 'Datagrams dropped unread, by reason.' }
const shed = {
  name: 'slicedns_queries_shed_total',
  help: 'Queries answered with SERVFAIL because too many wait, of all clients or of one.',
}
const closed = {
  name: 'slicedns_tcp_connections_closed_total',
  help: 'TCP connections that were closed from this side, by reason.',
}

/** Where each counter of the server shows. */
const PLACES: Readonly<Record<keyof Counters, CounterPlace>> = {
  received: { name: 'slicedns_messages_received_total', help: 'Messages that reached a listener.' },
  replied: { name: 'slicedns_replies_total', help: 'Replies handed to a socket.' },
  ignored: {
    name: 'slicedns_messages_ignored_total',
    help: 'Messages that get no reply: shorter than a header, or replies themselves.',
  },
  malformed: { name: 'slicedns_messages_malformed_total', help: 'Messages answered with FORMERR.' },
  droppedBySourcePort: { ...dropped, reason: 'source_port' },
  droppedFromSelf: { ...dropped, reason: 'from_self' },
  abandoned: {
    name: 'slicedns_queries_abandoned_total',
    help: 'Queries whose answer nobody waits for any more.',
  },
  shed: { ...shed, reason: 'all_clients' },
  shedOfOneClient: { ...shed, reason: 'one_client' },
  failedResponders: {
    name: 'coredns_panics_total',
    help: 'Queries answered with SERVFAIL because of a fault of SliceDNS itself.',
  },
  sendErrors: {
    name: 'slicedns_send_errors_total',
    help: 'Replies that the operating system refused to send.',
  },
  repliesDropped: {
    name: 'slicedns_replies_dropped_total',
    help: 'Replies dropped because too many were waiting to be sent.',
  },
  socketErrors: { name: 'slicedns_socket_errors_total', help: 'Errors of a socket outside of a send.' },
  connectionsAccepted: {
    name: 'slicedns_tcp_connections_accepted_total',
    help: 'TCP connections accepted.',
  },
  connectionsEvicted: { ...closed, reason: 'evicted' },
  connectionsRefused: {
    name: 'slicedns_tcp_connections_refused_total',
    help: 'TCP connections refused because there is no room, or their client opens too many.',
  },
  connectionsMisused: { ...closed, reason: 'misused' },
  connectionsTimedOut: { ...closed, reason: 'timed_out' },
  connectionsUsedUp: { ...closed, reason: 'used_up' },
}

/** Shows the server's own counters, which it keeps as plain numbers. */
export function registerServerMetrics(readers: MetricsReaders, counters: Counters): void {
  const byName = Map.groupBy(Object.entries(PLACES), ([, { name }]) => name)
  for (const [name, places] of byName) {
    const reasons = places.flatMap(([, { reason }]) => reason ?? [])
    const help = places[0]?.[1].help ?? ''
    const spec: MetricSpec = { name, help, ...(reasons.length > 0 ? { labels: ['reason'] } : {}) }
    readers.read(spec, 'counter', () =>
      places.map(([counter, { reason }]) => ({
        labelValues: reason === undefined ? [] : [reason],
        value: isCounter(counter, counters) ? counters[counter] : 0,
      })),
    )
  }
}

function isCounter(name: string, counters: Counters): name is keyof Counters {
  return Object.hasOwn(counters, name)
}
