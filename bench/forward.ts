import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { runClosedLoop } from './forward/closed-loop.ts'
import type { LoopResult } from './forward/closed-loop.ts'
import { withForwarder, withUpstreams } from './forward/lab.ts'
import type { Lab } from './forward/lab.ts'
import { readMetrics } from './forward/read-metrics.ts'
import { percentile } from './latency.ts'
import { describeMachine } from './machine.ts'
import { peakResidentOctets, residentOctets } from './process-usage.ts'
import { runBench } from './run-bench.ts'

/**
 * Forwarding and its cache: names that are asked once, one of two upstreams dead, all of them dead. On a machine that does other
 * things too, `chrt -f 10` before the command keeps those out of the figures.
 */
await runBench(async () => {
  const { values } = parseArgs({
    options: {
      names: { type: 'string', default: '1000000' },
      outstanding: { type: 'string', default: '4' },
      entry: { type: 'string', default: 'src/main.ts' },
    },
  })
  say(describeMachine())
  const folder = await mkdtemp(join(tmpdir(), 'slicedns-bench-'))
  try {
    await withUpstreams({ folder, entry: values.entry }, async (lab) => {
      await randomNames(lab, Number(values.names), Number(values.outstanding))
      await oneOfTwoDead(lab)
      for (const count of [1, 2, 5, 15]) await allDead(lab, count)
    })
  } finally {
    await rm(folder, { recursive: true })
  }
  return 0
})

async function randomNames(lab: Lab, count: number, outstanding: number): Promise<void> {
  await withForwarder(
    lab,
    `cache\n forward . 127.0.0.1:${lab.alivePort}`,
    async ({ server, metricsPort }) => {
      const { port, pid } = server
      // The longest pause is that since the last time that somebody asked.
      await readMetrics(metricsPort)
      const atStart = residentOctets(pid)
      const result = await runClosedLoop({ port, count, outstanding, label: randomLabel })
      const metrics = await readMetrics(metricsPort)
      const residents = [atStart, residentOctets(pid), peakResidentOctets(pid)].map(mebibytes)
      process.kill(pid, 'SIGUSR2')
      await setTimeout(2_000)
      const { heapUsed, arrayBuffers } = await lab.memory()
      const pauseMs = metrics.value('nodejs_eventloop_delay_seconds{statistic="max"}') * 1000
      const major = 'nodejs_gc_duration_seconds'
      say(`${count} names asked once, ${outstanding} at a time: ${summary(result)}`)
      say(`  longest pause of the server ${pauseMs.toFixed(1)} ms; major collections:`)
      say(
        `  ${metrics.value(`${major}_count{kind="major"}`)}, ${metrics.value(`${major}_sum{kind="major"}`).toFixed(3)} s in all`,
      )
      say(`  resident at start, at the end, at most: ${residents.join(', ')} MiB`)
      say(`  heap and array buffers after collection ${mebibytes(heapUsed + arrayBuffers)} MiB`)
      say(`  of which the cache counts ${mebibytes(metrics.sum('slicedns_cache_size_bytes'))} MiB`)
    },
  )
}

/** Somebody has to find out; those that come then are measured. */
async function oneOfTwoDead(lab: Lab): Promise<void> {
  const upstreams = `127.0.0.1:${lab.silentPort} 127.0.0.1:${lab.alivePort}`
  await withForwarder(lab, `forward . ${upstreams}`, async ({ server: { port } }) => {
    await runClosedLoop({ port, count: 20, outstanding: 20, label: randomLabel })
    const result = await runClosedLoop({ port, count: 20_000, outstanding: 4, label: randomLabel })
    say(`one of two upstreams dead, known for 500 ms: ${summary(result)}`)
  })
}

/** The very first queries. */
async function allDead(lab: Lab, count: number): Promise<void> {
  const upstreams = Array.from({ length: count }, (_none, index) => `127.0.0.${index + 1}:${lab.silentPort}`)
  await withForwarder(lab, `forward . ${upstreams.join(' ')}`, async ({ server: { port } }) => {
    const result = await runClosedLoop({ port, count: 20, outstanding: 20, label: randomLabel })
    say(`all dead, ${count} upstreams: ${summary(result)}`)
  })
}

function summary({ latencies, lost, seconds, rcodes, ownStallMs }: LoopResult): string {
  const shares = [0.5, 0.99, 0.999, 1].map((share) => percentile(latencies, share).toFixed(2))
  const rate = Math.round(latencies.length / seconds)
  const codes = [...rcodes].map(([rcode, count]) => `RCODE ${rcode} ${count}`).join(', ')
  return `p50 p99 p99.9 p100 ${shares.join(' ')} ms (${ownStallMs.toFixed(1)} of it may be the client's), ${rate}/s, lost ${lost}, ${codes}`
}

function randomLabel(): string {
  return Math.random().toString(36).slice(2)
}

function mebibytes(octets: number): string {
  return (octets / 2 ** 20).toFixed(1)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
