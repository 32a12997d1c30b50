import { describe, expect, test } from 'vitest'
import {
  ROOT,
  countLabels,
  countOctets,
  escapeLabel,
  isSubdomain,
  labelsOf,
  lowerCase,
  nameFromLabels,
  nameFromRelativeText,
  nameFromText,
  parentName,
} from '../../src/wire/name.ts'
import { name } from './packet.ts'

describe('nameFromText', () => {
  test.each([
    ['.', '.'],
    ['web.default', 'web.default.'],
    ['web.default.', 'web.default.'],
    ['WEB.', 'WEB.'],
    ['_http._tcp.web', '_http._tcp.web.'],
    [String.raw`a\.b.c`, String.raw`a\.b.c.`],
    [String.raw`a\046b`, String.raw`a\.b.`],
    [String.raw`\097\065`, 'aA.'],
    [String.raw`\000\255`, String.raw`\000\255.`],
    [String.raw`\ \x\@`, String.raw`\ x\@.`],
    ['a@b;c', String.raw`a\@b\;c.`],
    ['*.x', '*.x.'],
    ['a'.repeat(63), `${'a'.repeat(63)}.`],
    ['a.'.repeat(127), 'a.'.repeat(127)],
  ])('reads %j as %j', (text, expected) => {
    expect(nameFromText(text)).toBe(expected)
  })

  test.each([
    '',
    '..',
    '.a',
    'a..b',
    'a b',
    'a\n',
    'ü.example',
    '\\',
    'a\\',
    String.raw`a\25`,
    String.raw`a\256`,
    String.raw`\9x9`,
    'a\\\n',
    'a'.repeat(64),
    'a.'.repeat(128),
    `${'a'.repeat(63)}.`.repeat(4),
  ])('refuses %j', (text) => {
    expect(nameFromText(text)).toBeUndefined()
  })

  test('counts an escape as one octet', () => {
    expect(nameFromText(String.raw`\000`.repeat(63))).toBe(`${String.raw`\000`.repeat(63)}.`)
    expect(nameFromText(String.raw`\000`.repeat(64))).toBeUndefined()
  })
})

describe('nameFromRelativeText', () => {
  test.each([
    ['@', 'example.'],
    ['web', 'web.example.'],
    ['web.', 'web.'],
    [String.raw`web\.`, String.raw`web\..example.`],
    [String.raw`web\\.`, String.raw`web\\.`],
  ])('reads %j below example. as %j', (text, expected) => {
    expect(nameFromRelativeText(text, name('example.'))).toBe(expected)
  })

  test('puts nothing behind a name below the root', () => {
    expect(nameFromRelativeText('web', ROOT)).toBe('web.')
    expect(nameFromRelativeText('web\\', ROOT)).toBeUndefined()
  })
})

describe('nameFromLabels', () => {
  test('joins labels and origin', () => {
    expect(nameFromLabels(['a', 'b'])).toBe('a.b.')
    expect(nameFromLabels(['a'], name('example.'))).toBe('a.example.')
    expect(nameFromLabels([], name('example.'))).toBe('example.')
    expect(nameFromLabels([])).toBe(ROOT)
  })

  test('refuses what is too long or empty', () => {
    expect(nameFromLabels([''])).toBeUndefined()
    expect(nameFromLabels(['a'.repeat(64)])).toBeUndefined()
    expect(nameFromLabels([String.raw`\000`.repeat(63)])).toBeDefined()
    expect(nameFromLabels(['a'.repeat(60)], name(`${'b'.repeat(63)}.`.repeat(3)))).toBeDefined()
    expect(nameFromLabels(['a'.repeat(62)], name(`${'b'.repeat(63)}.`.repeat(3)))).toBeUndefined()
  })
})

test('labelsOf gives the labels, escapes kept', () => {
  expect(labelsOf(ROOT)).toEqual([])
  expect(labelsOf(name('web.default.'))).toEqual(['web', 'default'])
  expect(labelsOf(name(String.raw`a\.b.c\\.d.`))).toEqual([String.raw`a\.b`, String.raw`c\\`, 'd'])
})

test('escapeLabel gives what nameFromText reads, for every octet', () => {
  for (let octet = 0; octet < 256; octet++) {
    const raw = `x${String.fromCharCode(octet)}y`
    const escaped = escapeLabel(raw)
    expect(escaped).toMatch(/^[!-~ ]+$/)
    expect(nameFromText(escaped)).toBe(`${escaped}.`)
    expect(countOctets(name(escaped))).toBe(5)
  }
  expect(escapeLabel(` .'@;()"\\`)).toBe(String.raw`\ \.\'\@\;\(\)\"\\`)
})

test('lowerCase touches A to Z alone', () => {
  expect(lowerCase(name('WeB.Example.'))).toBe('web.example.')
  expect(lowerCase(name(String.raw`\196Z\.`))).toBe(String.raw`\196z\..`)
})

test.each([
  ['a.b.c.', 'b.c.', true],
  ['b.c.', 'b.c.', true],
  ['c.', 'b.c.', false],
  ['ab.c.', 'b.c.', false],
  ['a.b.', '.', true],
  ['.', '.', true],
  ['.', 'a.', false],
  [String.raw`a\.b.c.`, 'b.c.', false],
  [String.raw`a\\.b.c.`, 'b.c.', true],
  [String.raw`svc\.cluster.local.`, 'cluster.local.', false],
])('isSubdomain(%j, %j) is %j', (one, other, expected) => {
  expect(isSubdomain(name(one), name(other))).toBe(expected)
})

test.each([
  ['a.b.c.', 'b.c.'],
  ['a.', '.'],
  [String.raw`a\.b.c.`, 'c.'],
  ['.', undefined],
])('parentName(%j) is %j', (one, expected) => {
  expect(parentName(name(one))).toBe(expected)
})

test.each([
  ['.', 0, 1],
  ['a.', 1, 3],
  ['web.default.', 2, 13],
  [String.raw`a\.b\000.c.`, 2, 8],
])('countLabels and countOctets of %j are %i and %i', (text, labels, octets) => {
  expect(countLabels(name(text))).toBe(labels)
  expect(countOctets(name(text))).toBe(octets)
})
