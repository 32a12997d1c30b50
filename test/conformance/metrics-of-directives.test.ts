import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'

import { SILENT_LOG } from '../../src/cli/logger.ts'
import { corefileFromText } from '../../src/cli/read-corefile.ts'
import { startServing } from '../../src/cli/start-server.ts'
import { COREDNS, startCoredns } from '../helpers/coredns.ts'
import { askRaw } from '../helpers/raw-query.ts'
import { closedPort } from '../helpers/scripted-upstream.ts'
import { tempFolder } from '../helpers/temp-folder.ts'

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

const corefile = (port: number, metricsPort: number, directives: string) => `.:${port} {
    bind 127.0.0.1
    prometheus 127.0.0.1:${metricsPort}
    ${directives}
}
`

/** The samples of some directives, the ports in them by these names. */
async function scrape(
  metricsPort: number,
  ports: readonly (readonly [number, string])[],
): Promise<readonly string[]> {
  let text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  for (const [port, name] of ports) text = text.replaceAll(`:${port}"`, `:${name}"`)
  return text
    .split('\n')
    .filter((line) =>
      /^coredns_(cache_|proxy_request_duration_seconds_count|proxy_conn_cache_|forward_|hosts_entries|template_matches)/.test(
        line,
      ),
    )
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

/** What both servers serve after the same queries, without what is a 0 here and, not having happened, nothing there. */
async function scrapeBoth(directives: string, upstream: number) {
  const [port, ourMetrics, theirMetrics] = [await closedPort(), await closedPort(), await closedPort()]
  const coredns = await startCoredns((free) => corefile(free, theirMetrics, directives))
  const server = await startServing({
    corefile: corefileFromText(corefile(port, ourMetrics, directives), 'Corefile'),
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
  return { theirs, ours: ours.filter((line) => !line.endsWith(' 0') || theirs.includes(line)) }
}

function ofBoth(line: string): boolean {
  return /hosts|template/.test(line)
}

describe.skipIf(COREDNS === undefined)('metrics of directives beside CoreDNS', () => {
  test('cache and forward count the same', async () => {
    const upstream = await startUpstream()
    const { ours, theirs } = await scrapeBoth(
      `cache 30\n forward . 127.0.0.1:${upstream} {\n force_tcp\n }`,
      upstream,
    )
    expect(theirs.length).toBeGreaterThan(6)
    expect(ours).toEqual(theirs)
  })

  test('hosts and template count the same', async () => {
    const folder = tempFolder({ hosts: '10.0.0.1 a.example other.example\n10.0.0.2 a.example\n' })
    const { ours, theirs } = await scrapeBoth(
      `template IN A example {\n match ^b\n answer "{{ .Name }} 60 IN A 192.0.2.1"\n fallthrough\n }
      hosts ${join(folder, 'hosts')} {\n fd00::1 c.example\n }`,
      0,
    )
    expect(theirs.join()).toMatch(/hosts_entries.*template_matches/)
    expect(ours.filter(ofBoth)).toEqual(theirs.filter(ofBoth))
  })
})
