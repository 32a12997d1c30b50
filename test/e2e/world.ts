import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { composeKubeconfig } from '../control-plane/kubeconfig.ts'
import { waitFor } from '../control-plane/wait-for.ts'
import { startDnsServer } from './dns-server.ts'
import type { DnsServer, ServerProgram } from './dns-server.ts'

/** A DNS server of a case's own. */
export interface DnsOptions {
  /** Instead of the API server itself: a proxy before it. */
  readonly server?: string
  /** True to trust any certificate. */
  readonly trustsAny?: boolean
  /** Instead of the token of the shipped ServiceAccount; or a file with one. */
  readonly token?: string
  readonly tokenFile?: string
  /** Properties of `kubernetes` beside the usual, one a line. */
  readonly properties?: string
  /** False returns at once; otherwise when it knows the cluster. */
  readonly waits?: boolean
}

/** Logs in as the ServiceAccount that ships. */
export const ACCOUNT_TOKEN = 'slicedns-token'

/** A proxy or server that does not end must not keep the others from running. */
const CLOSE_LIMIT_MS = 15_000

export interface WorldOptions {
  readonly dns: DnsServer
  readonly program: ServerProgram
  /** Of the case. */
  readonly name: string
  readonly isLong: boolean
}

/** What a case works with. */
export class World {
  readonly plane: ControlPlane
  /** Knows the cluster, and is shared by the cases that break nothing. */
  readonly dns: DnsServer
  /** What is under test. */
  readonly program: ServerProgram
  /** Whether cases may take as long as they ask for. */
  readonly isLong: boolean
  readonly #closers: (() => unknown)[] = []
  readonly #name: string

  constructor(plane: ControlPlane, { dns, program, name, isLong }: WorldOptions) {
    this.plane = plane
    this.dns = dns
    this.program = program
    this.isLong = isLong
    this.#name = name
  }

  /** Runs when the case is over, last one first. */
  defer(closer: () => unknown): void {
    this.#closers.push(closer)
  }

  /** A namespace of the case's own. */
  async namespace(name: string): Promise<string> {
    await this.plane.client.ensure([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }])
    return name
  }

  /** Another server under test, ended with the case. */
  async startDns(options: DnsOptions = {}): Promise<DnsServer> {
    const dns = await startDns(this.plane, this.program, this.#name, options)
    this.defer(() => dns.stop())
    return dns
  }

  async close(): Promise<void> {
    for (const closer of this.#closers.toReversed())
      await Promise.race([closer(), sleep(CLOSE_LIMIT_MS, undefined, { ref: false })])
  }
}

let started = 0
/** A second is usual; a busy machine needs more. */
const START_LIMIT_MS = 60_000

/** Starts a server under test that follows the cluster. */
export async function startDns(
  plane: ControlPlane,
  program: ServerProgram,
  name: string,
  {
    server = plane.server,
    token = ACCOUNT_TOKEN,
    tokenFile,
    trustsAny = false,
    properties = '',
    waits = true,
  }: DnsOptions = {},
): Promise<DnsServer> {
  const stem = join(plane.folder, `${name.replaceAll(/\W+/g, '-').slice(0, 40)}-${++started}`)
  const kubeconfig = `${stem}.kubeconfig`
  const credentials = tokenFile === undefined ? { token } : { tokenFile }
  await writeFile(
    kubeconfig,
    composeKubeconfig({ server, caFile: trustsAny ? undefined : plane.caFile, ...credentials }),
  )
  const dns = await startDnsServer(program, { stem, source: `kubeconfig ${kubeconfig} test`, properties })
  if (!waits) return dns
  try {
    await waitFor(`${program} knows the cluster`, () => isSynced(dns), { limitMs: START_LIMIT_MS })
    return dns
  } catch (error) {
    const output = await dns.output()
    await dns.stop()
    throw new Error(`${String(error)}\n${output}`, { cause: error })
  }
}

/** The API server's own Service is in every cluster. */
async function isSynced(dns: DnsServer): Promise<boolean> {
  // Before it listens, a question would wait for its timeout.
  if ((await dns.readiness()) !== 200) return false
  const [record = ''] = await dns.client.outcome('kubernetes.default.svc.cluster.local')
  return record.includes(' IN A 10.96.0.1')
}
