import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { type StartServerOptions, startServer } from '../../src/index.ts'
import { type DnsClient, dnsClient, outcomeOf } from '../helpers/dns-client.ts'
import { labAddresses, readLabObjects } from '../helpers/lab-objects.ts'
import { LABS_FOLDER, runningLabs } from '../helpers/running-labs.ts'
import { runSlicedns } from '../helpers/slicedns-command.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { dashed, reverse } from './lab-rows.ts'

const objects = await readLabObjects()
const addressOf = labAddresses(objects)
const labs = runningLabs()

describe('addresses', () => {
  test('cluster IPs and Pod IPs that the files leave open are of their ranges', () => {
    for (const path of ['clusterip1', 'endpoint1', 'endpoint2', 'endpoint3']) {
      // 10.96.0.0/12.
      expect(addressOf(`Service default/${path}`)).toMatch(/^10\.(9[6-9]|10\d|11[01])\./)
    }
    for (const path of ['pod1', 'request-pod', 'pod4', 'pod5', 'pod7']) {
      // 10.128.0.0/9.
      expect(addressOf(`Pod default/${path}`)).toMatch(/^10\.(12[89]|1[3-9]\d|2\d\d)\./)
    }
  })

  test('no two objects share one', () => {
    const all = objects.flatMap((object) => {
      if (object.kind === 'Service') return object.clusterIPs
      return object.kind === 'Pod' ? object.podIPs : []
    })
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('short names', () => {
  const searchList = ['default.svc.cluster.local.', 'svc.cluster.local.', 'cluster.local.']

  test.each([
    ['clusterip1', 'clusterip1.default.svc.cluster.local.', 'Service default/clusterip1'],
    ['clusterip1.default', 'clusterip1.default.svc.cluster.local.', 'Service default/clusterip1'],
    ['clusterip1.default.svc', 'clusterip1.default.svc.cluster.local.', 'Service default/clusterip1'],
    [
      'clusterip1.default.svc.cluster.local',
      'clusterip1.default.svc.cluster.local.',
      'Service default/clusterip1',
    ],
    ['pod-a.headless1', 'pod-a.headless1.default.svc.cluster.local.', 'Pod default/pod4'],
    [
      'my-service.lab-nodeport',
      'my-service.lab-nodeport.svc.cluster.local.',
      'Service lab-nodeport/my-service',
    ],
  ])('%s is found through the search list with ndots:5', async (shortName, found, path) => {
    expect(await walkSearchList(labs.client, shortName, searchList)).toEqual([
      `${found} 5 IN A ${addressOf(path)}`,
    ])
  })

  test('a short name that no Service has is found nowhere', async () => {
    expect(await walkSearchList(labs.client, 'clusterip9', searchList)).toEqual(['SERVFAIL'])
  })
})

describe('Headless, no hostname', () => {
  test('endpoint_pod_names makes the Pod’s name one', async () => {
    const client = await serve({
      corefileText: `. {
        kubernetes cluster.local {
          manifests "${LABS_FOLDER}"
          endpoint_pod_names
        }
        bind 127.0.0.1
      }`,
    })
    const own = 'headless2.default.svc.cluster.local.'
    expect(await client.outcome(`pod6.${own}`)).toEqual([`pod6.${own} 5 IN A 10.128.7.6`])
    expect(await client.outcome(`10-128-7-6.${own}`)).toEqual(['NXDOMAIN'])
  })
})

describe('NodePort', () => {
  test('endpoints grow from 1 to 3 as Pods appear, and shrink as they go', async () => {
    const folder = copyOfLabs()
    const client = await serve({ folders: [folder] })
    const own = 'my-service.lab-nodeport.svc.cluster.local.'
    const first = addressOf('Pod lab-nodeport/web')
    const all = [first, '10.128.9.2', '10.128.9.3']
    const endpointsNow = async () => {
      const outcomes = await Promise.all(all.map((address) => client.outcome(`${dashed(address)}.${own}`)))
      return outcomes.flat().filter((line) => line !== 'NXDOMAIN')
    }
    const lineOf = (address: string) => `${dashed(address)}.${own} 5 IN A ${address}`
    expect(await endpointsNow()).toEqual([lineOf(first)])

    const more = join(folder, '05-more-pods.yaml')
    writeFileSync(more, `${webPod('web-2', '10.128.9.2')}---\n${webPod('web-3', '10.128.9.3')}`)
    await vi.waitFor(async () => expect(await endpointsNow()).toEqual(all.map(lineOf)), WAIT)
    expect(await client.outcome(`${reverse('10.128.9.3')} PTR`)).toEqual([
      `${reverse('10.128.9.3')} 5 IN PTR 10-128-9-3.${own}`,
    ])
    expect(await client.outcome(`_http._tcp.${own} SRV`)).toEqual([
      `_http._tcp.${own} 5 IN SRV 0 100 80 ${own}`,
    ])

    rmSync(more)
    await vi.waitFor(async () => expect(await endpointsNow()).toEqual([lineOf(first)]), WAIT)
  })
})

describe('NodePort to the outside', () => {
  test('slicedns check reports a port name that differs between Endpoints and Service', async () => {
    const folder = copyOfLabs()
    const file = join(folder, '06-nodeport-outside.yaml')
    const text = readFileSync(file, 'utf8')
    const at = text.lastIndexOf('- name: http')
    writeFileSync(file, `${text.slice(0, at)}- name: web${text.slice(at + '- name: http'.length)}`)
    const line = text.slice(0, at).split('\n').length
    const { exitCode, stdout } = await runSlicedns('check', folder, '--json')
    expect(exitCode).toBe(1)
    const mismatches = problemsOf(stdout).filter(({ code }) => code === 'SLICEDNS_MANIFEST_PORT_NAME')
    expect(mismatches).toEqual([expect.objectContaining({ severity: 'warning', file, line })])
  })
})

describe('EndpointSlice by hand', () => {
  test('of two PTRs the one to the headless Service comes first, each time', async () => {
    for (let time = 0; time < 5; time++) {
      const { answer } = await labs.client.ask('3.2.1.10.in-addr.arpa. PTR')
      expect(answer.map((record) => record.split(' ').at(-1))).toEqual([
        '10-1-2-3.my-headless.lab-slice.svc.cluster.local.',
        '10-1-2-3.my-service.lab-slice.svc.cluster.local.',
      ])
    }
  })
})

describe('Slice states', () => {
  test('a headless Service without a ready endpoint says why it is NXDOMAIN', async () => {
    const { rcode, extendedError } = await labs.client.ask('states-none.lab-states.svc.cluster.local')
    expect(rcode).toBe('NXDOMAIN')
    expect(extendedError).toEqual({
      code: 0,
      text: 'service "states-none" is headless and has no ready endpoint (1 not ready)',
    })
  })
})

describe('Slice growth', () => {
  const own = 'growth.lab-growth.svc.cluster.local.'
  const all = Array.from({ length: 250 }, (_, index) => `${own} 5 IN A 10.11.0.${index + 1}`).toSorted()

  test.each([
    ['without EDNS', false, 512],
    ['with EDNS', { sizeOctets: 4096 }, 1232],
  ] as const)('UDP %s truncates to whole records with TC', async (_, edns, maxOctets) => {
    const { truncated, answer, octets } = await labs.client.ask(own, { edns })
    expect(truncated).toBe(true)
    expect(octets.length).toBeLessThanOrEqual(maxOctets)
    // As many as fit: one more, its owner compressed, would be 16 octets.
    expect(octets.length).toBeGreaterThan(maxOctets - 16)
    expect(answer.length).toBeGreaterThan(0)
    expect(all).toEqual(expect.arrayContaining([...answer]))
    expect(new Set(answer).size).toBe(answer.length)
  })

  test('TCP gives all 250, each once', async () => {
    const reply = await labs.client.ask(own, { transport: 'tcp' })
    expect(reply.truncated).toBe(false)
    expect(outcomeOf(reply)).toEqual(all)
  })
})

describe('Mirroring', () => {
  const own = 'large.lab-mirroring.svc.cluster.local.'

  test('of 1,001 addresses in a subset the first 1,000 are mirrored', async () => {
    const text = readFileSync(join(LABS_FOLDER, '14-mirroring-large.yaml'), 'utf8')
    const listed = [...text.matchAll(/ip: (\S+)/g)].map(([, address]) => `${own} 5 IN A ${address}`)
    expect(listed).toHaveLength(1_001)
    expect(await labs.client.outcome(own, { transport: 'tcp' })).toEqual(listed.slice(0, 1_000).toSorted())
    const surplus = listed[1_000]?.split(' ').at(-1) ?? ''
    expect(await labs.client.outcome(`${dashed(surplus)}.${own}`)).toEqual(['NXDOMAIN'])
  })

  test('slicedns check names what is not mirrored, and why', async () => {
    const { exitCode, stdout } = await runSlicedns('check', LABS_FOLDER, '--json')
    expect(exitCode).toBe(1)
    const problems = problemsOf(stdout)
    const found = problems.map(({ code, message }) => [code, message.split(' ')[1]?.replace(/:$/, '')])
    expect(found).toEqual(
      expect.arrayContaining([
        ['SLICEDNS_MANIFEST_SKIP_MIRROR', 'lab-mirroring/skipped'],
        ['SLICEDNS_MANIFEST_LEADER_ELECTION', 'lab-mirroring/leader'],
        ['SLICEDNS_MANIFEST_ENDPOINTS_WITHOUT_SERVICE', 'lab-mirroring/orphan'],
        ['SLICEDNS_MANIFEST_ENDPOINTS_BESIDE_SELECTOR', 'lab-mirroring/selected'],
        ['SLICEDNS_MANIFEST_ENDPOINTS_TOO_MANY', 'lab-mirroring/large'],
      ]),
    )
  })
})

/** Long enough for a busy machine; the change itself shows within a second. */
const WAIT = { timeout: 5_000, interval: 50 }

/** As a stub resolver does: each suffix in turn, then the name as it is; the first answer that is not NXDOMAIN. */
async function walkSearchList(
  client: DnsClient,
  name: string,
  searchList: readonly string[],
): Promise<readonly string[]> {
  const isShort = name.split('.').length - 1 < 5
  const completed = searchList.map((suffix) => `${name}.${suffix}`)
  let last: readonly string[] = []
  for (const candidate of isShort ? [...completed, `${name}.`] : [`${name}.`, ...completed]) {
    last = await client.outcome(candidate)
    if (last[0] !== 'NXDOMAIN') return last
  }
  return last
}

async function serve(options: StartServerOptions): Promise<DnsClient> {
  const server = await startServer(options)
  onTestFinished(() => server.close())
  return dnsClient(server.port)
}

function copyOfLabs(): string {
  const folder = tempFolder()
  cpSync(LABS_FOLDER, folder, { recursive: true })
  return folder
}

function webPod(name: string, podIP: string): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: lab-nodeport, labels: { app: myapp } }
spec: { containers: [{ name: web, image: web }] }
status: { podIP: ${podIP} }
`
}

interface ReportedProblem {
  readonly severity: string
  readonly code: string
  readonly message: string
  readonly file: string
  readonly line: number
}

function problemsOf(json: string): readonly ReportedProblem[] {
  const value: { readonly problems: readonly ReportedProblem[] } = JSON.parse(json)
  return value.problems
}
