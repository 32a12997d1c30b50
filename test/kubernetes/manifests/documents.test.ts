import * as fc from 'fast-check'
import { loadAll } from 'js-yaml'
import { expect, test } from 'vitest'
import { splitDocuments, splitJsonValues } from '../../../src/kubernetes/manifests/documents.ts'

const split = (text: string) => splitDocuments(text).map(({ start, end }) => text.slice(start, end))

test('splitDocuments cuts at markers, with what stands beside them', () => {
  expect(split('a: 1\n---\nb: 2\n--- # comment\nc: 3\n--- {d: 4}\n---\te')).toEqual([
    'a: 1\n',
    '---\nb: 2\n',
    '--- # comment\nc: 3\n',
    '--- {d: 4}\n',
    '---\te',
  ])
})

test('splitDocuments leaves indented and longer dashes alone', () => {
  const text = 'script: |\n  ---\n  ...\n ---\nrule: ----\n---x: 1\n'
  expect(split(text)).toEqual([text])
})

test('splitDocuments keeps directives and comments with the document they precede', () => {
  expect(split('# head\n%YAML 1.2\n---\na: 1\n...\n# next\n%TAG ! tag:x,2000:\n---\nb: 2\n')).toEqual([
    '# head\n%YAML 1.2\n---\na: 1\n...\n',
    '# next\n%TAG ! tag:x,2000:\n---\nb: 2\n',
  ])
})

test('splitDocuments finds nothing in comments, blank lines and end markers alone', () => {
  for (const text of ['', '\n\n', '# one\n # two', '...\n', '# x\n...\n...\n', '\uFEFF']) {
    expect(split(text), JSON.stringify(text)).toEqual([])
  }
})

test('splitDocuments takes CR LF, CR and a byte order mark before a marker', () => {
  expect(split('a: 1\r\n---\r\nb: 2\r---\rc: 3\n\uFEFF---\nd: 4')).toHaveLength(4)
})

const line = fc.oneof(
  fc.constantFrom(
    '---',
    '--- # comment',
    '--- {x: 1}',
    '--- |',
    '--- "q"',
    '...',
    '... # end',
    '',
    '# comment',
    '%YAML 1.2',
  ),
  fc.constantFrom(
    'a: 1',
    'b:',
    '- c',
    '  - d',
    'e: |',
    '  ---',
    '  text',
    'f: "g',
    '  h"',
    '  ...',
    '---x',
    '--- ---',
    '\uFEFF---',
  ),
)
const stream = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\n', '\r\n', '\r')), { maxLength: 12 })
  .map((lines) => lines.flat().join(''))
  // js-yaml forgets the indentation of the first line it is given, so such a line behind an end marker reads differently.
  .filter((text) => !/(?:^|[\n\r])\.\.\.[^\n\r]*[\n\r]+(?:#[^\n\r]*[\n\r]+)*[ \t]/.test(text))

test('splitDocuments and js-yaml agree on the documents of every stream that is YAML', () => {
  let compared = 0
  fc.assert(
    fc.property(stream, (text) => {
      let whole: unknown[]
      try {
        whole = loadAll(text)
      } catch {
        return
      }
      compared++
      expect(split(text).flatMap((part) => loadAll(part))).toEqual(whole)
    }),
    { numRuns: 5000 },
  )
  expect(compared).toBeGreaterThan(500)
})

test('splitDocuments never hides a fault: what is no YAML as a whole is none in parts', () => {
  let compared = 0
  fc.assert(
    // Comments before a byte order mark are more than js-yaml takes, and harmless.
    fc.property(
      stream.filter((text) => !text.includes('\uFEFF')),
      (text) => {
        try {
          loadAll(text)
          return
        } catch {
          compared++
        }
        expect(() => split(text).flatMap((part) => loadAll(part))).toThrow()
      },
    ),
    { numRuns: 5000 },
  )
  expect(compared).toBeGreaterThan(500)
})

test('splitJsonValues finds values behind one another, brackets in strings left alone', () => {
  const text = '{"a": "}"}\n{"b": "\\"{"} [1, {}]'
  const parts = splitJsonValues(text, { start: 0, end: text.length }).map(({ start, end }) =>
    text.slice(start, end),
  )
  expect(parts).toEqual(['{"a": "}"}', '{"b": "\\"{"}', '[1, {}]'])
})

test('splitJsonValues gives nothing where brackets stay open or text stands between', () => {
  for (const text of ['{"a": 1', '{} x {}', '{}}', '']) {
    expect(splitJsonValues(text, { start: 0, end: text.length }), text).toEqual([])
  }
})
