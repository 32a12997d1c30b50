import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireTool } from '../../bench/tools.ts'
import { Component } from '../control-plane/component.ts'
import { freePorts } from '../control-plane/free-ports.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import type { DnsClient } from '../helpers/dns-client.ts'
import { ROOT } from '../helpers/source-tree.ts'

/** What is started: SliceDNS from its sources or as built, or CoreDNS, which shows that a case asks nothing absurd. */
export type ServerProgram = (typeof PROGRAMS)[number]

const PROGRAMS = ['src/main.ts', 'dist/bin.js', 'coredns'] as const

export function programFrom(text: string | undefined): ServerProgram {
  const found = PROGRAMS.find((program) => program === text)
  if (found === undefined) throw new RangeError(`Cannot start ${text}: it is none of ${PROGRAMS.join(', ')}`)
  return found
}

/** A server under test on 127.0.0.1. */
export interface DnsServer {
  readonly client: DnsClient
  readonly port: number
  readonly pid: number
  readonly isRunning: boolean
  /** Of its page /metrics. Names with labels, as they stand there. */
  metrics(): Promise<ReadonlyMap<string, number>>
  /** HTTP status of its page /ready. 0 where there is no answer. */
  readiness(): Promise<number>
  signal(signal: NodeJS.Signals): void
  /** The last lines of what it printed, or all of it. */
  output(lines?: number): Promise<string>
  start(): void
  stop(): Promise<void>
  kill(): Promise<void>
}

export interface DnsServerSetup {
  /** Its files are named so. */
  readonly stem: string
  /** The property of `kubernetes` that says where objects come from. */
  readonly source: string
  /** Further ones, one a line. */
  readonly properties: string
}

const STOP_LIMIT_MS = 10_000

/** It may not answer yet when this returns. */
export async function startDnsServer(program: ServerProgram, setup: DnsServerSetup): Promise<DnsServer> {
  const [port = 0, readyPort = 0, metricsPort = 0] = await freePorts(3)
  const corefile = `${setup.stem}.Corefile`
  await writeFile(corefile, composeCorefile(setup, readyPort, metricsPort))
  const command = program === 'coredns' ? [requireTool('coredns')] : [process.execPath, join(ROOT, program)]
  const component = new Component(program, [...command, '-conf', corefile, '-dns.port', `${port}`], {
    logFile: `${setup.stem}.log`,
  })
  component.start()
  return {
    client: dnsClient(port),
    port,
    get pid() {
      return component.pid
    },
    get isRunning() {
      return component.isRunning
    },
    metrics: () => readMetrics(metricsPort),
    readiness: () => readReadiness(readyPort),
    signal: (signal) => component.signal(signal),
    output: (lines) => component.output(lines),
    start: () => component.start(),
    stop: () => stop(component),
    kill: () => component.kill(),
  }
}

function composeCorefile(
  { source, properties }: DnsServerSetup,
  readyPort: number,
  metricsPort: number,
): string {
  return `. {
    bind 127.0.0.1
    errors
    ready 127.0.0.1:${readyPort}
    prometheus 127.0.0.1:${metricsPort}
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        ${source}
        fallthrough in-addr.arpa ip6.arpa
        ${properties}
    }
}
`
}

async function stop(component: Component): Promise<void> {
  const timer = setTimeout(() => component.signal('SIGKILL'), STOP_LIMIT_MS)
  await component.stop('SIGTERM')
  clearTimeout(timer)
}

async function readMetrics(port: number): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

async function readReadiness(port: number): Promise<number> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/ready`)).status
  } catch {
    return 0
  }
}
