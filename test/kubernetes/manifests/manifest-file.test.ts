import * as fc from 'fast-check'
import { dump } from 'js-yaml'
import { expect, test } from 'vitest'
import { splitListItems } from '../../../src/kubernetes/manifests/list-items.ts'
import { parseManifestFile } from '../../../src/kubernetes/manifests/manifest-file.ts'

const parse = (text: string | Uint8Array) =>
  parseManifestFile('m.yaml', typeof text === 'string' ? Buffer.from(text) : text, () => undefined)
const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`
const object = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } })
const names = async (text: string) =>
  (await parse(text)).manifests.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`)
const faults = async (text: string | Uint8Array) =>
  (await parse(text)).problems.map(
    ({ code, position }) => `${position.line}:${position.column} ${code.replace('SLICEDNS_MANIFEST_', '')}`,
  )

test('parseManifestFile reads several documents, empty ones and comments between them', async () => {
  const text = `# head\n---\n${service('a')}--- # next\n\n---\n# only a comment\n---\n${service('b')}...\n`
  expect(await parse(text)).toMatchObject({ problems: [] })
  expect(await names(text)).toEqual(['Service default/a', 'Service default/b'])
})

test('parseManifestFile gives nothing for an empty file', async () => {
  for (const text of ['', '\n', '---\n', '# x', '---\n---\n']) {
    expect(await parse(text), JSON.stringify(text)).toMatchObject({ manifests: [], problems: [] })
  }
})

test('parseManifestFile takes CR LF and a byte order mark', async () => {
  const text = `\uFEFF${service('a')}---\n${service('b')}`.replaceAll('\n', '\r\n')
  const { manifests, problems } = await parse(text)
  expect(problems).toEqual([])
  expect(manifests[1]?.locate('metadata', 'name')).toEqual({ file: 'm.yaml', line: 9, column: 9 })
})

test('parseManifestFile fills in the namespace: default, none for a Namespace', async () => {
  const text = `${service('a')}  namespace: shop\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: team, namespace: shop}}`
  expect(await names(text)).toEqual(['Service shop/a', 'Namespace /team'])
})

test('parseManifestFile opens Lists, also of items that leave out their kind', async () => {
  const text = `apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: p}}
- apiVersion: v1
  kind: ServiceList
  items:
  - metadata: {name: a}
  - metadata:
      name: b
`
  expect(await names(text)).toEqual(['Pod default/p', 'Service default/a', 'Service default/b'])
  const { manifests } = await parse(text)
  expect(manifests[1]?.apiVersion).toBe('v1')
  expect(manifests[2]?.locate('metadata', 'name')).toMatchObject({ line: 10, column: 13 })
  expect(manifests[0]?.locate()).toMatchObject({ line: 4, column: 3 })
})

function nested(depth: number): object {
  return depth === 0 ? object('p') : { apiVersion: 'v1', kind: 'List', items: [nested(depth - 1)] }
}

test('parseManifestFile refuses Lists nested without measure, and items that are no list', async () => {
  expect(await names(JSON.stringify(nested(4)))).toEqual(['Pod default/p'])
  expect(await faults(JSON.stringify(nested(7)))).toEqual([expect.stringContaining('FIELD_INVALID')])
  expect(await faults('kind: List\nitems: 5\n')).toEqual(['2:8 FIELD_INVALID'])
  expect(await faults('kind: List\nitems:\n- metadata: {name: x}\n')).toEqual(['3:3 FIELD_MISSING'])
})

test('parseManifestFile takes a kind that merely ends in List, and kinds without a name, as objects to ignore', async () => {
  const text =
    'apiVersion: x/v1\nkind: AllowList\nspec: {}\n---\napiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\n'
  expect(await names(text)).toEqual(['AllowList default/', 'Kustomization default/'])
})

test('parseManifestFile reads JSON: a List, several values, tabs', async () => {
  const list = JSON.stringify(
    { apiVersion: 'v1', kind: 'List', items: [object('a'), object('b')] },
    null,
    '\t',
  )
  expect(await names(list)).toEqual(['Pod default/a', 'Pod default/b'])
  expect((await parse(list)).manifests[1]?.locate('metadata', 'name')).toMatchObject({ line: 16, column: 13 })
  const stream = `${JSON.stringify(object('a'))}\n${JSON.stringify(object('b'), null, 1)}`
  expect(await names(stream)).toEqual(['Pod default/a', 'Pod default/b'])
  expect((await parse(stream)).manifests[1]?.locate('kind')).toMatchObject({ line: 4, column: 10 })
})

test('parseManifestFile reports every fault of a file with its place, and gives the good documents', async () => {
  const text = `${service('a')}---
kind: Service
metadata: {name: b}
---
apiVersion: v1
kind: Service
metadata:
  nam: c
---
apiVersion: v1
metadata: {name: d}
---
a: b: c
---
just text
---
- a list
---
${service('on')}---
${service('z')}`
  expect(await faults(text)).toEqual([
    '6:1 FIELD_MISSING',
    '12:3 FIELD_MISSING',
    '14:1 FIELD_MISSING',
    '17:4 SYNTAX',
    '19:1 NOT_AN_OBJECT',
    '21:1 NOT_AN_OBJECT',
    '26:9 FIELD_INVALID',
  ])
  expect(await names(text)).toEqual(['Service default/a', 'Service default/z'])
})

test('parseManifestFile reports several faults of one document, and says how to mend', async () => {
  const { problems } = await parse('a: 1\na: 2\nb:\n\t- c\n')
  expect(problems.map(({ position }) => position.line)).toEqual([2, 4])
  expect(problems[0]?.message).toContain('keep one of the two')
  expect(problems[1]?.message).toContain('indent with spaces')
  expect((await parse('a: {{ .Values.a }}\nb: {{ x }} {{ y }}')).problems[0]?.message).toContain(
    'helm template',
  )
  expect((await parse('kind: Service\nmetadata: {name: x}')).problems[0]?.message).toContain(
    'add apiVersion: v1',
  )
  expect((await parse(service('012'))).problems[0]?.message).toBe(
    'metadata.name must be a text, got 10: put it in quotes',
  )
})

test('parseManifestFile says what octets are wrong: UTF-16, NUL, not UTF-8', async () => {
  expect(await faults(Buffer.from('\uFEFFkind: Pod', 'utf16le'))).toEqual(['1:1 NOT_TEXT'])
  expect(await faults('a: 1\nb: \0')).toEqual(['2:4 NOT_TEXT'])
  expect(await faults(Buffer.concat([Buffer.from('ä: 1\nü: '), Buffer.from([0xe9, 0x0a])]))).toEqual([
    '2:4 NOT_TEXT',
  ])
})

test('parseManifestFile never throws: any octets give manifests or problems', async () => {
  const snippet = fc.constantFrom(
    '---\n',
    'a: ',
    '- ',
    '{',
    '[',
    '"',
    "'",
    '&a ',
    '*a ',
    '<<: ',
    '|\n',
    '!!x ',
    '%YAML 1.2\n',
    '\t',
    '\n  ',
  )
  const words = fc.constantFrom(
    'kind: List\n',
    'items:\n',
    'apiVersion: v1\n',
    'metadata: {name: x}\n',
    'kind: ServiceList\n',
    '\0',
    '?',
  )
  const text = fc
    .array(fc.oneof(snippet, words, fc.string({ maxLength: 4 })), { maxLength: 20 })
    .map((parts) => parts.join(''))
  const octets = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    text.map((value) => new Uint8Array(Buffer.from(value))),
  )
  await fc.assert(
    fc.asyncProperty(octets, async (input) => {
      const { manifests, problems } = await parse(input)
      for (const { position } of problems) expect(position.line).toBeGreaterThan(0)
      for (const manifest of manifests) expect(manifest.locate('metadata', 'name').line).toBeGreaterThan(0)
    }),
    { numRuns: 2000 },
  )
})

test('parseManifestFile takes long runs of anything', async () => {
  const units = ' |\n|- |{|"|\\n|---\n|...\n|# x\n|a|\t|0|*a |&a |{}|\uFEFF|%a\n|a:\n|? |[]'.split('|')
  for (const unit of units) {
    for (const start of ['', 'kind: List\nitems:\n- a: ']) {
      const text = start + unit.repeat((16 * 1024) / unit.length)
      expect(await parse(text), start + unit).toHaveProperty('problems')
    }
  }
  // A pattern that repeats a group overflows the stack of the matcher only after millions of rounds.
  const million = 1024 * 1024
  expect(await parse(`kind: List\nitems:\n${'\n'.repeat(million)}- a: 1`)).toHaveProperty('problems')
  expect(await parse(`{"a": 1}\n{"b": "${'\\n'.repeat(4 * million)}"}`)).toHaveProperty('problems')
})

test('parseManifestFile counts the problems behind the first thousand', async () => {
  const { problems } = await parse('{}\n---\n'.repeat(1500))
  expect(problems).toHaveLength(1001)
  expect(problems.at(-1)).toMatchObject({ code: 'SLICEDNS_MANIFEST_MORE_PROBLEMS', position: { line: 1999 } })
  expect(problems.at(-1)?.message).toContain('500 more')
})

test('parseManifestFile reads a long List in pieces as it reads it whole', async () => {
  const text = dump({
    apiVersion: 'v1',
    items: Array.from({ length: 1000 }, (_, index) => ({
      ...object(`p${index}`),
      spec: { text: 'a\n- b\n', list: [[1], []] },
    })),
    kind: 'PodList',
  })
  expect(splitListItems(text, { start: 0, end: text.length })?.batches.length).toBeGreaterThan(2)
  const whole = text.replace('kind: PodList', 'kind: PodList # &')
  const pieces = await parse(text)
  expect(pieces.manifests).toHaveLength(1000)
  expect(pieces.manifests).toEqual((await parse(whole)).manifests)
  expect(pieces.problems).toEqual([])
  expect(pieces.manifests[999]?.locate('metadata', 'name')).toEqual(
    (await parse(whole)).manifests[999]?.locate('metadata', 'name'),
  )
})

test('parseManifestFile reads a long List whole where its pieces are no YAML of their own', async () => {
  const items = Array.from({ length: 2000 }, (_, index) => `- ${JSON.stringify(object(`p${index}`))}\n`)
  const text = `kind: List\nitems:\n${items.join('')}-\n  apiVersion: v1\n  kind: Pod\n  metadata: {name: last}\n`
  expect((await parse(text)).manifests).toHaveLength(2001)
  expect(await faults(`${text}- a: "open\n`)).toEqual([expect.stringContaining('SYNTAX')])
})

const again = (text: string, { documents }: Awaited<ReturnType<typeof parse>>) =>
  parseManifestFile('m.yaml', Buffer.from(text), () => undefined, documents)

test('parseManifestFile gives the same objects for documents that it knows, where they stand now', async () => {
  const first = await parse(`${service('a')}---\n${service('b')}---\n${service('c')}`)
  const [a, b, c] = first.manifests
  const second = await again(`# new\n${service('a')}---\n${service('c')}---\n${service('b')}`, first)
  expect(second.manifests.map(({ name }) => name)).toEqual(['a', 'c', 'b'])
  expect(second.manifests[0]).not.toBe(a)
  expect(second.manifests[1]).toBe(c)
  expect(second.manifests[2]).toBe(b)
  expect([b?.locate('kind').line, c?.locate('metadata', 'name').line]).toEqual([13, 10])
})

test('parseManifestFile takes a known document once: of two that read the same, one is another object', async () => {
  const text = `---\n${service('a')}---\n${service('a')}`
  const first = await parse(text)
  const second = await again(text, first)
  expect(second.manifests).toHaveLength(2)
  expect(second.manifests[0]).toBe(first.manifests[0])
  expect(second.manifests[1]).not.toBe(second.manifests[0])
  expect(second.manifests.map((manifest) => manifest.locate('kind').line)).toEqual([3, 8])
})

test('parseManifestFile says again what is wrong with a document, however often it is read', async () => {
  const text = `---\n${service('a')}---\nkind: Service\n---\na: [1\n`
  const first = await parse(text)
  const second = await again(text, first)
  expect(first.problems).toHaveLength(2)
  expect(second.problems).toEqual(first.problems)
  expect(second.manifests[0]).toBe(first.manifests[0])
})
