import { expect, test } from 'vitest'
import { parseYaml } from '../../../src/kubernetes/manifests/yaml.ts'

const value = (text: string) => parseYaml(text).values?.[0]

test('parseYaml reads scalars as the Kubernetes tools do: YAML 1.1 booleans and octal numbers', () => {
  expect(value('[yes, on, Off, n, true, "yes", ~, null]')).toEqual([
    true,
    true,
    false,
    false,
    true,
    'yes',
    null,
    null,
  ])
  expect(value('[012, 0o12, 0x1F, 0b11, 1_000, 089, -5, +7, 0, 00, 0x_]')).toEqual([
    10,
    10,
    31,
    3,
    1000,
    89,
    -5,
    7,
    0,
    0,
    '0x_',
  ])
})

test('parseYaml leaves dates, base 60 and addresses as text', () => {
  expect(value('[2026-01-02, 12:30, 2001:10:20:30:40:50:1:2, 10.0.0.1, 1e3]')).toEqual([
    '2026-01-02',
    '12:30',
    '2001:10:20:30:40:50:1:2',
    '10.0.0.1',
    1000,
  ])
})

test('parseYaml follows anchors and merge keys', () => {
  expect(value('base: &b {app: web, tier: front}\nlabels:\n  <<: *b\n  tier: back\n')).toEqual({
    base: { app: 'web', tier: 'front' },
    labels: { app: 'web', tier: 'back' },
  })
})

test('parseYaml reports a key that stands twice, where it stands the second time', () => {
  expect(parseYaml('a: 1\nb: 2\na: 3\n').fault).toEqual({ reason: 'duplicated mapping key', offset: 10 })
})

test('parseYaml refuses aliases that unfold into millions of values, at once', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level <= 9; level++)
    lines.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    )
  const startedAt = performance.now()
  expect(parseYaml(lines.join('\n')).fault?.reason).toContain('aliases')
  expect(performance.now() - startedAt).toBeLessThan(500)
})

test('parseYaml refuses a value that holds itself', () => {
  expect(parseYaml('a: &a [*a]').fault?.reason).toContain('aliases')
})

test('parseYaml gives a fault for nesting without measure, in YAML and in JSON', () => {
  expect(parseYaml('['.repeat(100_000)).fault).toBeDefined()
  expect(parseYaml(`${'['.repeat(5000)}${']'.repeat(5000)}`).fault).toBeDefined()
})

test('parseYaml takes a key named __proto__ as a key', () => {
  for (const text of ['{"__proto__": {"kind": "Pod"}}', '__proto__: {kind: Pod}']) {
    expect(JSON.stringify(value(text)), text).toBe('{"__proto__":{"kind":"Pod"}}')
    expect(value(text), text).not.toHaveProperty('kind')
  }
})
