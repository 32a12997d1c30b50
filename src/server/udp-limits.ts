/** What one UDP listener allows itself. */
export interface UdpLimits {
  /** Replies that the system has not taken yet; those beyond are dropped, and the client asks again. Default 1,000. */
  readonly maxUnsentReplies: number
  /** Sockets for single addresses beside that of a wildcard; other addresses share the wildcard's. Default 64. */
  readonly maxAddressSockets: number
}

export const DEFAULT_UDP_LIMITS: UdpLimits = {
  maxUnsentReplies: 1_000,
  maxAddressSockets: 64,
}
