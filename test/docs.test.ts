import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'

import { COREDNS_DIRECTIVES } from '../src/config/directive-names.ts'
import { PLUGINS } from '../src/plugins/order.ts'
import { askUdp } from '../src/cli/dns-client.ts'
import { SILENT_LOG } from '../src/cli/logger.ts'
import { corefileFromText } from '../src/cli/read-corefile.ts'
import { startServing } from '../src/cli/start-server.ts'
import { startServer } from '../src/index.ts'
import { rawQuery } from './server/harness.ts'
import { readTree, ROOT } from './helpers/source-tree.ts'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const documents = [
  ...readTree('docs', ['.md']),
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].map((path) => ({ path, text: read(path) })),
]

/** Codes as they stand in quotes or backquotes; a type such as `SLICEDNS_CONFIG_${string}` ends in an underscore. */
const codesIn = (text: string) => new Set(text.match(/\bSLICEDNS_[A-Z_]*[A-Z]\b(?!_)/g))

/** The fenced blocks of one language. */
const fences = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] ?? '',
  )

describe('docs/errors.md', () => {
  const inSource = codesIn(
    readTree('src', ['.ts'])
      .map(({ text }) => text)
      .join('\n'),
  )
  const inDocument = codesIn(read('docs/errors.md'))

  test('every code of the source is documented', () => {
    expect([...inSource].filter((code) => !inDocument.has(code))).toEqual([])
  })

  test('every documented code is in the source', () => {
    expect([...inDocument].filter((code) => !inSource.has(code))).toEqual([])
  })
})

describe('docs/corefile.md', () => {
  const headings = [...read('docs/corefile.md').matchAll(/^## (\S+)$/gm)].map((match) => match[1])
  const sections = new Map(
    read('docs/corefile.md')
      .split(/^## /m)
      .map((text) => [text.slice(0, text.indexOf('\n')), text]),
  )

  test('every directive has its section, in chain order', () => {
    expect(headings).toEqual(PLUGINS.map((plugin) => plugin.name))
  })

  test('directives pass queries in the order of CoreDNS', () => {
    const ours = new Set(['families', 'limits'])
    const theirs = PLUGINS.filter(({ name }) => !ours.has(name))
    const order = theirs.map((plugin) => COREDNS_DIRECTIVES.indexOf(plugin.name))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(order).not.toContain(-1)
  })

  test('every directive has an example, which a test below starts', () => {
    const without = PLUGINS.filter(({ name }) => {
      const line = new RegExp(`^ *${name}(?= |$)`, 'm')
      return !fences(sections.get(name) ?? '', 'corefile').some((example) => line.test(example))
    })
    expect(without.map(({ name }) => name)).toEqual([])
  })

  test('every directive with metrics of its own leads to them', () => {
    const groups = [...read('docs/metrics.md').matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading)
    const missing = groups.flatMap((group) =>
      group
        .split(', ')
        .filter((name) => sections.has(name))
        .filter((name) => !sections.get(name)?.includes(`(metrics.md#${group.replace(', ', '-')})`)),
    )
    expect(groups).toContain('acl, autopath')
    expect(missing).toEqual([])
  })

  test('every directive of CoreDNS that is not there has its reason, and no other', () => {
    const rows = [...(sections.get(WHAT_IS_NOT_THERE) ?? '').matchAll(/^\| ([^|]+) \| [^|]{10,} \|$/gm)]
    const named = rows.flatMap(([, what = '']) =>
      [...what.matchAll(/(?<!of )`(\w+)`(?! of)/g)].map(([, name = '']) => name),
    )
    const there = new Set(PLUGINS.map(({ name }) => name))
    const listed = new Set(named).intersection(new Set(COREDNS_DIRECTIVES))
    expect(listed).toEqual(new Set(COREDNS_DIRECTIVES.filter((name) => !there.has(name))))
  })

  test('every property of kubernetes is documented', () => {
    const properties = [...read('src/plugins/kubernetes-options.ts').matchAll(/^ {4}(\w+): \(property\)/gm)]
    expect(properties.length).toBeGreaterThan(8)
    const text = read('docs/corefile.md')
    expect(properties.map((match) => match[1]).filter((name) => !text.includes(`    ${name}`))).toEqual([])
  })
})

describe('docs/metrics.md', () => {
  const rows = new Map(
    [...read('docs/metrics.md').matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) \|([^|]*)\|/gm)].map(
      ([, name = '', type = '', labels = '']) => [name, { type, labels: labels.match(/\w+/g) ?? [] }],
    ),
  )
  const inSource = new Set(
    readTree('src', ['.ts']).flatMap(({ text }) =>
      [...text.matchAll(/'((?:coredns|slicedns|process|nodejs)_[a-z0-9_]+)'/g)].map(
        (match) => match[1] ?? '',
      ),
    ),
  )

  test('every metric of the source is documented, and every documented one is in the source', () => {
    expect([...rows.keys()].toSorted()).toEqual([...inSource].toSorted())
  })

  test('types and labels are those that are served', async () => {
    const server = await startServing({
      corefile: corefileFromText(onFreePorts(METRICS_COREFILE), 'Corefile'),
      defaultPort: 0,
      watch: false,
      log: SILENT_LOG,
    })
    onTestFinished(() => server.close())
    const port = server.addresses.find(({ transport }) => transport === 'udp')?.port ?? 0
    await askUdp(Buffer.from(rawQuery({ name: 'a.example' })), { address: '127.0.0.1', port })
    const web = server.httpPlaces.find(({ paths }) => paths.includes('/metrics'))
    const text = await (await fetch(`http://127.0.0.1:${web?.port}/metrics`)).text()
    const types = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map((match) => [match[1], match[2]]))
    expect(types.size).toBeGreaterThan(20)
    for (const [name = '', type] of types) {
      const sample = new RegExp(`^${name}(?:_sum)?(?:\\{(.*)\\})? `, 'm').exec(text)
      const labels = (sample?.[1] ?? '').match(/\w+(?==")/g) ?? []
      expect({ name, type, labels }).toEqual({ name, ...rows.get(name) })
    }
  })
})

const WHAT_IS_NOT_THERE = 'What of CoreDNS is not there'

const METRICS_COREFILE = `.:1053 {
    bind 127.0.0.1
    health
    prometheus
    errors
    whoami
}
`

describe('documents', () => {
  test('every link to a file leads somewhere', () => {
    const dead = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !existsSync(join(ROOT, path, '..', target)))
        .map((target) => `${path}: ${target}`),
    )
    expect(dead).toEqual([])
  })

  test('every npm script that is named exists', () => {
    const scripts = new Set(read('package.json').match(/(?<=^ {4}")[\w:]+(?=": ")/gm))
    const named = documents.flatMap(({ text }) =>
      [...text.matchAll(/npm run (?:-s )?([\w:]+)/g)].map((match) => match[1] ?? ''),
    )
    expect([...new Set(named)].filter((name) => !scripts.has(name))).toEqual([])
  })

  const corefiles = documents.flatMap(({ path, text }) =>
    fences(text, 'corefile').map((corefile, index) => ({ name: `${path} Corefile ${index + 1}`, corefile })),
  )
  test.for(corefiles)('$name starts', async ({ corefile }) => {
    const local = onFreePorts(corefile)
      .replaceAll('../labs', 'examples/labs')
      .replaceAll('/etc/resolv.conf', '127.0.0.1:9')
    expect(corefileFromText(corefile, 'Corefile').serverBlocks.length).toBeGreaterThan(0)
    const server = await startServer({ corefileText: local })
    await server.close()
  })
})

/** The Corefile with every port left to the system, so that tests disturb nobody. */
function onFreePorts(corefile: string): string {
  return corefile
    .replaceAll(':1053', ':0')
    .replaceAll(/^(\s*(?:health|pprof|prometheus|ready))(?: \S*:\d+)?(?=\s*\{?$)/gm, '$1 127.0.0.1:0')
}
