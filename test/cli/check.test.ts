import { describe, expect, test, vi } from 'vitest'

import { check } from '../../src/cli/check.ts'
import { ipToText } from '../../src/wire/ip-address.ts'
import { LABS_FOLDER } from '../helpers/running-labs.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { buildCluster } from '../kubernetes/controllers/build-cluster.ts'

/** Runs the command in this process and collects what it prints. */
async function run(
  ...argv: readonly string[]
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true))
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true))
  try {
    return { exitCode: await check(argv), stdout, stderr }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}

/** What is said of these files, with the folder's path taken off. */
async function reported(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = tempFolder(files)
  const { exitCode, stdout } = await run(folder)
  expect(exitCode).toBe(1)
  return stdout.replaceAll(`${folder}/`, '')
}

const service = (spec: string, name = 'web') => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec: { ${spec} }
`
const slice = (type: string, address: string, name = 'web-1') => `---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}, labels: { kubernetes.io/service-name: web } }
addressType: ${type}
endpoints: [{ addresses: [${address}] }]
`
const pod = (spec: string, status = '') => `---
apiVersion: v1
kind: Pod
metadata: { name: pod1, labels: { app: web } }
spec: { ${spec} }
${status}
`
const endpoints = (metadata: string, port = '') => `---
apiVersion: v1
kind: Endpoints
metadata: { name: web${metadata} }
subsets: [{ addresses: [{ ip: 10.1.2.3 }]${port} }]
`

describe('check names, with place and reason', () => {
  test('a port name of Endpoints that the Service does not have', async () => {
    const text =
      service('ports: [{ name: http, port: 80 }]') + endpoints('', ', ports: [{ name: htp, port: 8080 }]')
    expect(await reported({ 'a.yaml': text })).toMatch(
      /^a\.yaml:10:\d+: .*"?htp"?.*http.* \(warning, SLICEDNS_MANIFEST_\w*PORT\w*\)$/m,
    )
  })

  test('a selector that no Pod matches', async () => {
    expect(await reported({ 'a.yaml': service('selector: { app: wbe }, ports: [{ port: 80 }]') })).toMatch(
      /^a\.yaml:5:\d+: Service default\/web selects no Pod: .*app=wbe.*SLICEDNS_MANIFEST_SELECTOR_WITHOUT_PODS\)$/m,
    )
  })

  test('a Pod whose subdomain names no headless Service', async () => {
    const text = pod('hostname: a, subdomain: nope')
    expect(await reported({ 'a.yaml': text })).toMatch(
      /^a\.yaml:5:\d+: Pod default\/pod1: subdomain "nope" names no Service/m,
    )
  })

  test('Endpoints that are not mirrored by their label', async () => {
    const label = ', labels: { endpointslice.kubernetes.io/skip-mirror: "true" }'
    const text = service('ports: [{ port: 80 }]') + endpoints(label)
    expect(await reported({ 'a.yaml': text })).toMatch(
      /^a\.yaml:9:\d+: Endpoints default\/web are not mirrored: .*skip-mirror/m,
    )
  })

  test('host names beside addresses', async () => {
    const text = service('clusterIP: None') + slice('IPv4', '10.1.2.3') + slice('FQDN', 'a.example', 'web-2')
    expect(await reported({ 'a.yaml': text })).toMatch(
      /^a\.yaml:1[4-7]:\d+: EndpointSlice default\/web-2 holds host names/m,
    )
  })

  test('an ExternalName that is an IP address', async () => {
    const text = service('type: ExternalName, externalName: 192.0.2.1')
    expect(await reported({ 'a.yaml': text })).toMatch(
      /^a\.yaml:5:\d+: .*192\.0\.2\.1.*SLICEDNS_MANIFEST_EXTERNAL_NAME\w*\)$/m,
    )
  })

  test('an address that two objects ask for', async () => {
    const files = {
      'a.yaml': service('clusterIP: 10.96.0.7, ports: [{ port: 80 }]'),
      'b.yaml': service('clusterIP: 10.96.0.7, ports: [{ port: 80 }]', 'other'),
    }
    expect(await reported(files)).toMatch(
      /^[ab]\.yaml:\d+:\d+: .*10\.96\.0\.7.*SLICEDNS_MANIFEST_\w*ADDRESS\w*\)$/m,
    )
  })

  test('a document that is no YAML, an error', async () => {
    expect(await reported({ 'a.yaml': 'kind: [\n' })).toMatch(
      /^a\.yaml:\d+:\d+: this is not YAML: .* \(error, SLICEDNS_MANIFEST_SYNTAX\)$/m,
    )
  })
})

describe('check', () => {
  test('says so where there is nothing to report: exit 0', async () => {
    const folder = tempFolder({
      'a.yaml': `${service('selector: { app: web }, ports: [{ port: 80 }]')}${pod('')}`,
      'b.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}',
    })
    const { exitCode, stdout, stderr } = await run(folder)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toBe('2 files, 3 objects (ignored: 1 ConfigMap): nothing to report\n')
  })

  test('does not take a folder without manifests for a good one: exit 2', async () => {
    const { exitCode, stdout, stderr } = await run(tempFolder({ 'README.md': 'not one' }))
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^slicedns check: there is no \.yaml, \.yml or \.json file in .*: give the folder/)
  })

  test('lists notes, with exit 0 where there is nothing else', async () => {
    const [home = 0] = buildCluster(service('ports: [{ port: 80 }]')).services[0]?.clusterIPs ?? []
    const other = service(`clusterIP: ${ipToText(home)}, ports: [{ port: 80 }]`, 'other')
    const folder = tempFolder({ 'a.yaml': service('ports: [{ port: 80 }]'), 'b.yaml': other })
    const { exitCode, stdout } = await run(folder)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('(note, SLICEDNS_MANIFEST_ADDRESS_COLLISION)\n2 files, 2 objects: 1 note\n')
    const worse = tempFolder({ 'a.yaml': service('ports: [{ port: 80 }]'), 'b.yaml': `${other}---\n[]` })
    const both = await run(worse)
    expect(both.exitCode).toBe(1)
    expect(both.stdout).toContain(': 1 error, 0 warnings, 1 note\n')
  })

  test('reports in the order of file, line and column, and counts: the labs', async () => {
    const { exitCode, stdout } = await run(LABS_FOLDER)
    expect(exitCode).toBe(1)
    const lines = stdout.trimEnd().split('\n')
    const places = lines.slice(0, -1).map((line) => {
      const [, file = '', number = ''] = /^(.*?):(\d+):\d+: /.exec(line) ?? []
      return `${file} ${number.padStart(6, '0')}`
    })
    expect(places).toEqual(places.toSorted())
    expect(lines.at(-1)).toMatch(
      new RegExp(`^\\d+ files, \\d+ objects: 0 errors, ${places.length} warnings$`),
    )
  })

  test('--json has the same for programs', async () => {
    const folder = tempFolder({
      'a.yaml': service('selector: { app: wbe }, ports: [{ port: 80 }]'),
      'b.yaml': 'kind: [\n',
    })
    const { exitCode, stdout } = await run('--json', folder)
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      filesRead: 2,
      objectsRead: 1,
      ignoredKinds: {},
      errors: 1,
      warnings: 1,
      notes: 0,
      problems: [
        {
          severity: 'warning',
          code: 'SLICEDNS_MANIFEST_SELECTOR_WITHOUT_PODS',
          message: expect.stringContaining('selects no Pod'),
          file: `${folder}/a.yaml`,
          line: 5,
          column: expect.any(Number),
        },
        {
          severity: 'error',
          code: 'SLICEDNS_MANIFEST_SYNTAX',
          message: expect.stringContaining('this is not YAML'),
          file: `${folder}/b.yaml`,
          line: expect.any(Number),
          column: expect.any(Number),
        },
      ],
    })
  })

  test.for([
    [[], 'which folder? slicedns check FOLDER… [--json]'],
    [['--jsn', 'x'], 'unknown flag "--jsn"'],
    [
      ['nowhere'],
      'Cannot read manifests: nowhere does not exist. Create it, or give the folder that holds them',
    ],
  ] as const)('%j: one line, exit 2', async ([argv, expected]) => {
    const { exitCode, stdout, stderr } = await run(...argv)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^slicedns check: [^\n]*\n$/)
    expect(stderr).toContain(expected)
  })
})
