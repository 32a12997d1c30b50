import type { QueryLimits } from './query-limits.ts'
import type { TcpLimits } from './tcp-limits.ts'
import type { UdpLimits } from './udp-limits.ts'

/** What one group of listeners grants to its clients; what is left out is as the defaults have it. */
export interface ListenerLimits {
  readonly tcpLimits?: Partial<TcpLimits> | undefined
  readonly udpLimits?: Partial<UdpLimits> | undefined
  readonly queryLimits?: Partial<QueryLimits> | undefined
}
