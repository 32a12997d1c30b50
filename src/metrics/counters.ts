/** Plain numbers that only grow. The owner adds to them; whoever shows them reads. */
export interface Counters {
  /** Messages that reached a listener, malformed ones included. */
  received: number
  /** Replies handed to a socket. */
  replied: number
  /** Messages that get no reply by rule: shorter than a header, or replies themselves. */
  ignored: number
  /** Messages answered with FORMERR. */
  malformed: number
  /** Datagrams dropped because nobody can be listening at their source port (0, or a service that echoes). */
  droppedBySourcePort: number
  /** Datagrams dropped because they claim to come from this listener itself. */
  droppedFromSelf: number
  /** Replies that nobody waits for any more: the connection went away, or the server is closing. */
  abandoned: number
  /** Queries answered with SERVFAIL because too many were waiting for an answer. */
  shed: number
  /** Responders that threw or rejected. */
  failedResponders: number
  /** Sends that the operating system refused. */
  sendErrors: number
  /** Errors of a socket outside of a send. */
  socketErrors: number
  /** TCP connections accepted. */
  connectionsAccepted: number
  /** TCP connections closed to make room for others, or refused because no idle one was left. */
  connectionsEvicted: number
  /** TCP connections closed because they sent what is no query. */
  connectionsMisused: number
  /** TCP connections closed because a deadline passed: idle, a message that never ends, a client that does not read. */
  connectionsTimedOut: number
}

/** Every counter at 0. */
export function createCounters(): Counters {
  return {
    received: 0,
    replied: 0,
    ignored: 0,
    malformed: 0,
    droppedBySourcePort: 0,
    droppedFromSelf: 0,
    abandoned: 0,
    shed: 0,
    failedResponders: 0,
    sendErrors: 0,
    socketErrors: 0,
    connectionsAccepted: 0,
    connectionsEvicted: 0,
    connectionsMisused: 0,
    connectionsTimedOut: 0,
  }
}
