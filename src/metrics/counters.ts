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
  /** The same because too many of that client were waiting. */
  shedOfOneClient: number
  /** Responders that threw or rejected. */
  failedResponders: number
  /** Sends that the operating system refused. */
  sendErrors: number
  /** Replies dropped because too many were waiting to be sent. */
  repliesDropped: number
  /** Errors of a socket outside of a send. */
  socketErrors: number
  /** TCP connections accepted. */
  connectionsAccepted: number
  /** Idle TCP connections closed to make room for others. */
  connectionsEvicted: number
  /** TCP connections refused: none was idle to make room, or the client opens too many a second. */
  connectionsRefused: number
  /** TCP connections closed because they sent what is no query. */
  connectionsMisused: number
  /** TCP connections closed because a deadline passed: idle, a message that never ends, a client that does not read. */
  connectionsTimedOut: number
  /** TCP connections closed after the most queries that one may carry. */
  connectionsUsedUp: number
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
    shedOfOneClient: 0,
    failedResponders: 0,
    sendErrors: 0,
    repliesDropped: 0,
    socketErrors: 0,
    connectionsAccepted: 0,
    connectionsEvicted: 0,
    connectionsRefused: 0,
    connectionsMisused: 0,
    connectionsTimedOut: 0,
    connectionsUsedUp: 0,
  }
}
