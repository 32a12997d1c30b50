import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { requireTool } from './tools.ts'

export interface DnsperfResult {
  readonly completed: number
  readonly lost: number
  readonly queriesPerSecond: number
}

export interface DnsperfRun {
  readonly port: number
  readonly queryFile: string
  readonly seconds: number
  readonly edns: boolean
  readonly transport: 'udp' | 'tcp'
  /** Which CPU core it stays on. */
  readonly core: number
}

/** A load at a steady rate, of which every reply's latency is kept. */
export interface PacedRun extends DnsperfRun {
  readonly queriesPerSecond: number
  /** Where dnsperf writes a line for each reply: to a file, so that nobody has to read along. */
  readonly outputFile: string
}

const run = promisify(execFile)

/** Asks the server on 127.0.0.1 as fast as it answers, with up to 100 queries outstanding from 8 sockets or connections. */
export async function runDnsperf(load: DnsperfRun): Promise<DnsperfResult> {
  const [command, ...args] = commandOf(load)
  const { stdout } = await run(command, args)
  return parseDnsperf(stdout)
}

/** Asks at a steady rate. Gives the latency of every reply, in milliseconds, in the order of the replies. */
export async function runPaced(load: PacedRun): Promise<number[]> {
  const output = await open(load.outputFile, 'w')
  try {
    const [command, ...args] = commandOf(load)
    const paced = [...args, '-v', '-Q', `${Math.round(load.queriesPerSecond)}`]
    const child = spawn(command, paced, { stdio: ['ignore', output.fd, 'ignore'] })
    await once(child, 'close')
  } finally {
    await output.close()
  }
  return parseLatencies(await readFile(load.outputFile, 'utf8'))
}

function commandOf({ port, queryFile, seconds, edns, transport, core }: DnsperfRun): [string, ...string[]] {
  const command = [requireTool('dnsperf'), '-s', '127.0.0.1', '-p', `${port}`, '-d', queryFile]
  const load = ['-m', transport, '-l', `${seconds}`, '-c', '8', '-T', '1', '-q', '100', '-t', '2']
  return [requireTool('taskset'), '-c', `${core}`, ...command, ...load, ...(edns ? ['-e'] : [])]
}

/** Milliseconds from lines `> NOERROR web.shop.svc.cluster.local A 0.000123`, as `dnsperf -v` has them; lost queries have none. */
export function parseLatencies(output: string): number[] {
  return Array.from(output.matchAll(/^> \S+ \S+ \S+ (\d+\.\d+)$/gm), ([, seconds]) => Number(seconds) * 1000)
}

/** Reads dnsperf's closing statistics. Throws an Error where they are not there. */
export function parseDnsperf(output: string): DnsperfResult {
  const read = (label: string): number => {
    const value = new RegExp(`${label}:\\s+([\\d.]+)`).exec(output)?.[1]
    if (value === undefined) throw new Error(`Cannot read dnsperf's output: no "${label}" in\n${output}`)
    return Number(value)
  }
  return {
    completed: read('Queries completed'),
    lost: read('Queries lost'),
    queriesPerSecond: read('Queries per second'),
  }
}
