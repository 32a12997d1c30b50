import { execFile } from 'node:child_process'
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
  /** Which CPU core it stays on. */
  readonly core: number
}

const run = promisify(execFile)

/** Asks the server on 127.0.0.1 as fast as it answers, with up to 100 queries outstanding from 8 sockets. */
export async function runDnsperf({
  port,
  queryFile,
  seconds,
  edns,
  core,
}: DnsperfRun): Promise<DnsperfResult> {
  const command = [requireTool('dnsperf'), '-s', '127.0.0.1', '-p', `${port}`, '-d', queryFile]
  const load = ['-l', `${seconds}`, '-c', '8', '-T', '1', '-q', '100', '-t', '2', ...(edns ? ['-e'] : [])]
  const { stdout } = await run(requireTool('taskset'), ['-c', `${core}`, ...command, ...load])
  return parseDnsperf(stdout)
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
