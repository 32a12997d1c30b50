import type { Counters } from '../metrics/counters.ts'
import { ListenError } from './listen-error.ts'
import type { ListenTarget, Listener } from './listener.ts'
import type { ListenerLimits } from './listener-limits.ts'
import { MessageAnswerer } from './message-answerer.ts'
import type { ServingPlan } from './serving-plan.ts'
import { systemCode } from './system-code.ts'
import { DEFAULT_TCP_LIMITS } from './tcp-limits.ts'
import type { TcpLimits } from './tcp-limits.ts'
import { openTcpListener } from './tcp-listener.ts'
import { DEFAULT_UDP_LIMITS } from './udp-limits.ts'
import type { UdpLimits } from './udp-limits.ts'
import { openUdpListener } from './udp-listener.ts'
import type { Interfaces } from './udp-listener.ts'

export interface ListenerGroupOptions extends ListenerLimits {
  /** Where to listen, each over UDP and TCP. Without an address: every one of the host, IPv6 and IPv4. */
  readonly targets: readonly { readonly address?: string | undefined; readonly port: number }[]
  /** Asked once per message, so that a new plan takes over between two of them. */
  readonly plan: () => ServingPlan
  readonly counters: Counters
  /** Told what a responder threw, and the question it threw at. */
  readonly onError: (error: unknown, where: string) => void
  /** A clock that never goes back. */
  readonly nowMs: () => number
  /** Default: those of the host. */
  readonly interfaces?: Interfaces | undefined
}

/** Sockets that are opened together, answer by one plan, and are closed together. */
export interface ListenerGroup {
  /** Two for every target: UDP and TCP on the same port. */
  readonly listeners: readonly Listener[]
  /** Other limits, for what is open too: queries and connections above a lower bound end as they would have. */
  setLimits(limits: ListenerLimits): void
  /** Takes no more queries, waits up to `graceMs` for those in flight, gives the rest SERVFAIL, then closes the sockets. */
  close(options: { readonly graceMs: number }): Promise<void>
}

/** Tries for a port that is free for UDP and for TCP. */
const MAX_PORT_TRIES = 20

/** Opens all sockets or, rejecting with a ListenError, none. */
export async function openListeners(options: ListenerGroupOptions): Promise<ListenerGroup> {
  const answerer = new MessageAnswerer(options)
  const listeners: Listener[] = []
  const tcpLimits = { ...DEFAULT_TCP_LIMITS, ...options.tcpLimits }
  const udpLimits = { ...DEFAULT_UDP_LIMITS, ...options.udpLimits }
  const opening = { answerer, tcpLimits, udpLimits, options }
  try {
    for (const { address, port } of options.targets) {
      const pair =
        address === undefined
          ? await openEverywhere(port, opening)
          : await openPair({ address, port }, opening)
      listeners.push(...pair)
    }
  } catch (error) {
    await closeAll(listeners)
    throw error
  }
  return {
    listeners,
    setLimits(limits) {
      Object.assign(tcpLimits, DEFAULT_TCP_LIMITS, limits.tcpLimits)
      Object.assign(udpLimits, DEFAULT_UDP_LIMITS, limits.udpLimits)
      answerer.setQueryLimits(limits.queryLimits)
    },
    async close({ graceMs }) {
      for (const listener of listeners) listener.stop()
      await answerer.drain(graceMs)
      await closeAll(listeners)
    },
  }
}

/** What the sockets of a group have in common. */
interface Opening {
  readonly answerer: MessageAnswerer
  /** Read again and again, so that they can change. */
  readonly tcpLimits: TcpLimits
  readonly udpLimits: UdpLimits
  readonly options: ListenerGroupOptions
}

/** `::` takes both families; a host without IPv6 has only `0.0.0.0`. */
async function openEverywhere(port: number, opening: Opening): Promise<readonly Listener[]> {
  try {
    return await openPair({ address: '::', port }, opening)
  } catch (error) {
    if (!(error instanceof ListenError) || error.code !== 'SLICEDNS_ADDRESS_NOT_AVAILABLE') throw error
    return await openPair({ address: '0.0.0.0', port }, opening)
  }
}

/** TCP first: where the port is left to the system, UDP must get the same one, and may find it taken. */
async function openPair(
  target: ListenTarget,
  { answerer, tcpLimits, udpLimits, options }: Opening,
): Promise<readonly Listener[]> {
  const { counters, nowMs, interfaces } = options
  const { respond } = answerer
  for (let tries = 1; ; tries++) {
    const tcp = await orListenError(
      openTcpListener({ ...target, respond, counters, limits: tcpLimits, nowMs }),
      target,
      'tcp',
    )
    const udpTarget = { address: target.address, port: tcp.port }
    try {
      const udp = await orListenError(
        openUdpListener({ ...udpTarget, respond, counters, limits: udpLimits, interfaces }),
        udpTarget,
        'udp',
      )
      return [udp, tcp]
    } catch (error) {
      await tcp.close()
      const isTaken = error instanceof ListenError && systemCode(error.cause) === 'EADDRINUSE'
      if (target.port !== 0 || !isTaken || tries === MAX_PORT_TRIES) throw error
    }
  }
}

async function orListenError(
  opening: Promise<Listener>,
  target: ListenTarget,
  transport: 'udp' | 'tcp',
): Promise<Listener> {
  try {
    return await opening
  } catch (error) {
    throw new ListenError({ ...target, transport }, error)
  }
}

async function closeAll(listeners: readonly Listener[]): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close()))
}
