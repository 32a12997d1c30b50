import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { splitListItems } from '../../../src/kubernetes/manifests/list-items.ts'

const item = (indent: string, index: number) =>
  `${indent}- kind: Service\n${indent}  metadata:\n${indent}    name: s${index}\n${indent}    labels:\n${indent}    - - x\n${indent}    - note: |\n${indent}        items:\n\n${indent}        - no item\n`
const list = (indent: string, tail = 'kind: List\nmetadata: {}\n') =>
  `apiVersion: v1\nitems: # all\n# first\n\n${Array.from({ length: 500 }, (_, index) => item(indent, index)).join(`${indent}# next\n`)}${tail}`.replace(
    'items: # all',
    'items:',
  )

function pieces(text: string) {
  const split = splitListItems(text, { start: 0, end: text.length })
  return (
    split && {
      header: load(split.header),
      items: split.batches.map(({ start, end }) => load(text.slice(start, end))),
    }
  )
}

test('splitListItems cuts a long block sequence under items, whatever its indentation', () => {
  const header = { apiVersion: 'v1', kind: 'List', metadata: {} }
  for (const indent of ['', '  ']) {
    const split = pieces(list(indent))
    expect(split?.header).toEqual(header)
    expect(split?.items.length).toBeGreaterThan(2)
    expect(split?.items.flat()).toHaveLength(500)
    expect({ ...header, items: split?.items.flat() }).toEqual(load(list(indent)))
    expect(pieces(list(indent, ''))?.items.flat()).toHaveLength(500)
  }
})

test('splitListItems stays within its document', () => {
  const text = `a: 1\n---\n${list('')}---\n${list('  ')}`
  const start = text.indexOf('---\n')
  const end = text.lastIndexOf('---\n')
  const split = splitListItems(text, { start, end })
  expect(split?.batches.at(0)?.start).toBeGreaterThan(start)
  expect(split?.batches.at(-1)?.end).toBeLessThan(end)
  expect(split?.batches.flatMap((batch) => load(text.slice(batch.start, batch.end)))).toHaveLength(500)
})

test('splitListItems leaves alone what is short, in flow style, or uses anchors', () => {
  expect(pieces('kind: List\nitems:\n- a: 1\n')).toBeUndefined()
  expect(pieces(`kind: List\nitems: [${'a, '.repeat(20_000)}]\n`)).toBeUndefined()
  expect(pieces(list('', 'kind: List\nmore: &anchor x\n'))).toBeUndefined()
  expect(pieces(`text: |\n${list('').replaceAll(/^/gm, '  ')}`)).toBeUndefined()
})
