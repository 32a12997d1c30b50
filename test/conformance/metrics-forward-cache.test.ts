import { describe, expect, onTestFinished, test } from 'vitest'

import { SILENT_LOG } from '../../src/cli/logger.ts'
import { corefileFromText } from '../../src/cli/read-corefile.ts'
import { startServing } from '../../src/cli/start-server.ts'
import { COREDNS, startCoredns } from '../helpers/coredns.ts'
import { askRaw } from '../helpers/raw-query.ts'
import { closedPort } from '../helpers/scripted-upstream.ts'

/** Two questions that the upstream answers, each three times, and one that it refuses. */
const QUESTIONS = [
  'a.example. A',
  'b.example. A',
  'a.example. A',
  'b.example. A',
  'a.example. A',
  'b.example. A',
  'c.org. A',
]

const corefile = (port: number, metricsPort: number, upstream: number) => `.:${port} {
    bind 127.0.0.1
    prometheus 127.0.0.1:${metricsPort}
    cache 30
    forward . 127.0.0.1:${upstream} {
        prefer_udp
    }
}
`

async function scrape(metricsPort: number, ports: readonly [number, string][]): Promise<readonly string[]> {
  let text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  for (const [port, name] of ports) text = text.replaceAll(`:${port}"`, `:${name}"`)
  return text
    .split('\n')
    .filter((line) => /^coredns_(cache|proxy_request_duration_seconds_count|forward)_?/.test(line))
    .map(sortLabels)
    .toSorted()
}

/** Labels in order of their names, as CoreDNS writes them. */
function sortLabels(line: string): string {
  return line.replace(
    /\{(.*)\}/,
    (_, labels: string) => `{${(labels.match(/\w+="[^"]*"/g) ?? []).toSorted().join(',')}}`,
  )
}

/** A CoreDNS that answers names below example. */
async function startUpstream(): Promise<number> {
  const { port } = await startCoredns(
    (free) =>
      `example:${free} {\n bind 127.0.0.1\n template IN A {\n answer "{{ .Name }} 60 IN A 192.0.2.1"\n }\n}\n`,
  )
  return port
}

describe.skipIf(COREDNS === undefined)('metrics of cache and forward beside CoreDNS', () => {
  test('the same counts after the same queries', async () => {
    const upstream = await startUpstream()
    const [port, ourMetrics, theirMetrics] = [await closedPort(), await closedPort(), await closedPort()]
    const coredns = await startCoredns((free) => corefile(free, theirMetrics, upstream))
    const server = await startServing({
      corefile: corefileFromText(corefile(port, ourMetrics, upstream), 'Corefile'),
      defaultPort: 0,
      watch: false,
      log: SILENT_LOG,
    })
    onTestFinished(() => server.close())
    for (const question of QUESTIONS) {
      await askRaw({ address: '127.0.0.1', port: coredns.port, transport: 'udp' }, question)
      await askRaw({ address: '127.0.0.1', port, transport: 'udp' }, question)
    }
    const theirs = await scrape(theirMetrics, [
      [upstream, 'UPSTREAM'],
      [coredns.port, 'PORT'],
    ])
    const ours = await scrape(ourMetrics, [
      [upstream, 'UPSTREAM'],
      [port, 'PORT'],
    ])
    expect(theirs.length).toBeGreaterThan(6)
    // What has not happened yet is a 0 here and nothing there.
    const happened = ours.filter((line) => !line.endsWith(' 0') || theirs.includes(line))
    expect(happened).toEqual(theirs)
  })
})
