import { composeTable } from './report.ts'

/** What of a `.cpuprofile` counts here (Chrome DevTools Protocol, Profiler.Profile). */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
  }[]
  /** The node that each sample was in. */
  readonly samples?: readonly number[]
  /** Microseconds between samples. */
  readonly timeDeltas?: readonly number[]
}

/** Time by where it was spent. */
export type ProfileShares = ReadonlyMap<string, number>

const IDLE = '(idle)'

/**
 * Rooms by what the address of the code holds, first match first. What runs outside JavaScript has no address; there the name
 * of the function tells.
 */
const ROOMS: readonly (readonly [pattern: RegExp, room: string])[] = [
  [/\/src\/wire\/(query|header|question|record|edns|name-wire)\.ts$/, 'wire: parse, and names to octets'],
  [/\/src\/wire\/(message-writer|name-compressor|rdata|compose-message)\.ts$/, 'wire: compose'],
  [/\/src\/wire\//, 'wire: names and octets'],
  [/\/src\/kubernetes\//, 'kubernetes: naming'],
  [/\/src\/(plugins|zone|config|cli|forward)\//, 'plugins and zone'],
  [/\/src\/metrics\//, 'metrics'],
  [/\/src\/server\/(udp|tcp)-/, 'server: sockets'],
  [/\/src\/server\//, 'server: answering'],
  [/^node:(internal\/)?dgram$/, 'node:dgram'],
  [/^node:(buffer|internal\/buffer)$/, 'node: buffers'],
  [/^node:/, 'node: other JavaScript'],
]
const NATIVE: ReadonlyMap<string, string> = new Map([
  ['send', 'send: libuv and kernel'],
  ['(garbage collector)', 'garbage collector'],
  ['(program)', 'receive: event loop, libuv and kernel'],
])

/** Self time by room, in microseconds; idle time left out. */
export function sumProfile({ nodes, samples = [], timeDeltas = [] }: CpuProfile): ProfileShares {
  const roomOfNode = new Map(nodes.map(({ id, callFrame }) => [id, roomOf(callFrame)]))
  const sums = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const room = roomOfNode.get(id)
    // The time that passes until the next sample belongs to this one.
    const microseconds = timeDeltas[index + 1] ?? 0
    if (room !== undefined && room !== IDLE) sums.set(room, (sums.get(room) ?? 0) + microseconds)
  }
  return sums
}

/** One row a room, the dearest first. `queryCount` is how many queries were answered meanwhile. */
export function composeProfileTable(shares: ProfileShares, queryCount: number): string {
  const total = [...shares.values()].reduce((sum, value) => sum + value, 0)
  const row = (name: string, value: number): string[] => [
    name,
    (value / queryCount).toFixed(2),
    `${((value / total) * 100).toFixed(1)} %`,
  ]
  const rows = [...shares]
    .toSorted(([, left], [, right]) => right - left)
    .map(([name, value]) => row(name, value))
  return composeTable(['where', 'µs/query', 'share'], [...rows, row('all', total)])
}

function roomOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  if (functionName === IDLE) return IDLE
  const native = url === '' ? NATIVE.get(functionName) : undefined
  return native ?? ROOMS.find(([pattern]) => pattern.test(url))?.[1] ?? 'V8 and other built-in functions'
}
