import { expect, test } from 'vitest'
import type { Labels } from '../../src/kubernetes/objects.ts'
import { parseSelector } from '../../src/kubernetes/selector.ts'

function matches(text: string, labels: Labels): boolean {
  const parsed = parseSelector(text)
  if ('error' in parsed) throw new Error(parsed.error)
  return parsed.matches(labels)
}

function errorOf(text: string): string {
  const parsed = parseSelector(text)
  return 'error' in parsed ? parsed.error : ''
}

test.each<[selector: string, labels: Labels, expected: boolean]>([
  ['', {}, true],
  ['app', { app: 'web' }, true],
  ['app', {}, false],
  ['!app', {}, true],
  ['! app', { app: 'web' }, false],
  ['app=web', { app: 'web' }, true],
  ['app==web', { app: 'web' }, true],
  ['app = web', { app: 'db' }, false],
  ['app=', { app: '' }, true],
  ['app=', {}, false],
  ['app!=web', { app: 'db' }, true],
  ['app!=web', {}, true],
  ['app != web', { app: 'web' }, false],
  ['app in (web, db)', { app: 'db' }, true],
  ['app in (web,db)', { app: 'cache' }, false],
  ['app in (web,db)', {}, false],
  ['app in(web)', { app: 'web' }, true],
  ['app notin (web,db)', { app: 'cache' }, true],
  ['app notin (web,db)', {}, true],
  ['app notin (web,db)', { app: 'web' }, false],
  ['app in (web,db),tier=front,!old', { app: 'web', tier: 'front' }, true],
  ['app in (web,db),tier=front,!old', { app: 'web', tier: 'front', old: '' }, false],
  ['app.kubernetes.io/name=web', { 'app.kubernetes.io/name': 'web' }, true],
  ['in', { in: '' }, true],
])('parseSelector "%s" of %o is %s', (selector, labels, expected) => {
  expect(matches(selector, labels)).toBe(expected)
})

test('N14 parseSelector takes names of object members for labels that are not there', () => {
  expect(matches('constructor', {})).toBe(false)
  expect(matches('!toString', {})).toBe(true)
})

test.each([
  ['app=web,', '"" is no requirement'],
  ['app in web', '"app in web" is no requirement'],
  ['app in (web', '"app in (web" is no requirement'],
  ['size>3', '"size>3" is no requirement'],
  ['-app=web', '"-app" is no label key'],
  ['a/b/c', '"a/b/c" is no label key'],
  ['Prefix/app', '"Prefix/app" is no label key'],
  [`app=${'x'.repeat(64)}`, 'is no label value'],
  ['app=web-', '"web-" is no label value'],
])('parseSelector says what is wrong with "%s"', (selector, message) => {
  expect(errorOf(selector)).toContain(message)
  expect(errorOf(selector)).toContain(`in label selector "${selector.slice(0, 60)}`)
})

test('parseSelector quotes no more of a long text than helps', () => {
  for (const text of ['x'.repeat(5_000), `app=${'x'.repeat(5_000)}`, 'a b,'.repeat(1_000)])
    expect(errorOf(text)?.length).toBeLessThan(400)
})
