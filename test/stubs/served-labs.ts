import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { type DnsClient, dnsClient } from '../helpers/dns-client.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { ROOT } from '../helpers/source-tree.ts'
import { outsideWorld } from './outside.ts'

/** A query as SliceDNS logs it: its name in lower case, with the final dot. */
export interface LoggedQuery {
  readonly qname: string
  readonly qtype: string
  readonly transport: 'udp' | 'tcp'
}

export interface ServedLabs {
  readonly client: DnsClient
  /** The queries answered since this was called the last time, in order. */
  takeQueries(): Promise<readonly LoggedQuery[]>
  close(): Promise<void>
}

const START_TIMEOUT_MS = 20_000
const QUERY_LINE = /^\S+ - \d+ "(?<qtype>\S+) IN (?<qname>\S+) (?<transport>udp|tcp) /

/** Serves the labs with a log line for each query on this address, port 53; other names go to the scripted upstream. */
export async function serveLabs(address: string, folder: string): Promise<ServedLabs> {
  const upstream = await startScriptedUpstream(outsideWorld)
  const corefile = join(folder, 'Corefile')
  await writeFile(corefile, corefileText(address, `${upstream.address}:${upstream.port}`))
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), '-conf', corefile], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  const log = followLog(child.stderr)
  // The banner is printed once the manifests are read.
  await once(child.stdout, 'data', { signal: AbortSignal.timeout(START_TIMEOUT_MS) }).catch(
    (error: unknown) => {
      throw new Error(`SliceDNS does not start: ${log.otherLines().join('\n')}`, { cause: error })
    },
  )
  const client = dnsClient(53, address)
  let fences = 0
  return {
    client,
    takeQueries: async () => {
      // Lines are written in the order of the replies: once this query's is there, so are all before it.
      const fence = `fence-${fences++}.cluster.local.`
      const seen = log.waitFor(fence)
      await client.ask(fence)
      await seen
      return log.take().filter(({ qname }) => qname !== fence)
    },
    close: async () => {
      child.kill('SIGTERM')
      await ended
      await upstream.close()
    },
  }
}

function corefileText(address: string, upstream: string): string {
  return `.:53 {
    bind ${address}
    errors
    log
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        manifests ${join(ROOT, 'examples/labs')}
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    forward . ${upstream}
    loadbalance
}
`
}

interface QueryLog {
  /** The queries so far; the next call begins after them. */
  take(): readonly LoggedQuery[]
  waitFor(qname: string): Promise<unknown>
  /** Lines that are not about a query. */
  otherLines(): readonly string[]
}

function followLog(stream: NodeJS.ReadableStream): QueryLog {
  let queries: LoggedQuery[] = []
  const others: string[] = []
  const arrivals = new EventEmitter()
  createInterface({ input: stream }).on('line', (line) => {
    const query = readLine(line)
    if (query === undefined) others.push(line)
    else queries.push(query)
    if (query !== undefined) arrivals.emit(query.qname)
  })
  return {
    take: () => {
      const taken = queries
      queries = []
      return taken
    },
    waitFor: (qname) => once(arrivals, qname, { signal: AbortSignal.timeout(START_TIMEOUT_MS) }),
    otherLines: () => others,
  }
}

/** A line of the log is JSON, its words under `msg`. */
function readLine(line: string): LoggedQuery | undefined {
  const entry: unknown = line.startsWith('{') ? JSON.parse(line) : undefined
  if (typeof entry !== 'object' || entry === null || !('msg' in entry)) return undefined
  const fields = QUERY_LINE.exec(String(entry.msg))?.groups
  if (fields === undefined) return undefined
  const { qname = '', qtype = '', transport } = fields
  return { qname, qtype, transport: transport === 'tcp' ? 'tcp' : 'udp' }
}
