import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { createCounters } from '../../src/metrics/counters.ts'
import { DEFAULT_QUERY_LIMITS } from '../../src/server/query-limits.ts'
import { DEFAULT_TCP_LIMITS } from '../../src/server/tcp-limits.ts'
import { DEFAULT_UDP_LIMITS } from '../../src/server/udp-limits.ts'
import { HTTP_LIMITS } from '../../src/web/http-limits.ts'
import { ROOT } from '../helpers/source-tree.ts'

const text = readFileSync(join(ROOT, 'docs/limits.md'), 'utf8')
/** Bound and default of every row of a table. */
const documented = [...text.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)].map(([, name = '', value = '']) => [
  name,
  Number(value.replaceAll(',', '')),
])
const counters = Object.keys(createCounters())

describe('docs/limits.md', () => {
  test('has every bound with its default, and no other', () => {
    const defaults = [DEFAULT_QUERY_LIMITS, DEFAULT_TCP_LIMITS, DEFAULT_UDP_LIMITS, HTTP_LIMITS].flatMap(
      (limits) => Object.entries(limits).map(String),
    )
    expect(new Set(documented.map(String))).toEqual(new Set(defaults))
  })

  test('says of every bound how it is set, and knows every property of limits', () => {
    const cells = [...text.matchAll(/^\| (?!bound|-)[^|]+ \| [^|]+ \| ([^|]+) \|/gm)].map(
      ([, cell = '']) => cell,
    )
    const properties = new Set(cells.flatMap((cell) => /^`(\w+)`$/.exec(cell)?.[1] ?? []))
    const source = readFileSync(join(ROOT, 'src/plugins/limits.ts'), 'utf8')
    const known = [...source.matchAll(/^ {6}(\w+): \(property\)/gm)].map(([, name = '']) => name)
    expect(known.length).toBeGreaterThan(9)
    expect(properties).toEqual(new Set([...known, 'bufsize']))
    const corefile = readFileSync(join(ROOT, 'docs/corefile.md'), 'utf8')
    expect(known.filter((name) => !corefile.includes(`\n| \`${name}\` |`))).toEqual([])
    expect(cells.filter((cell) => cell !== 'constant' && !cell.startsWith('`'))).toEqual([])
  })

  test('names counters that there are', () => {
    const named = [...text.matchAll(/^\| .* \| ([^|]*) \|$/gm)].flatMap(
      ([, cell = '']) => cell.match(/`[a-z]\w*`/g) ?? [],
    )
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !counters.includes(name.slice(1, -1)))).toEqual([])
  })

  test('names every counter of something refused, dropped or closed', () => {
    const losses = counters.filter((name) => /^(shed|dropped|replies|connections)/.test(name))
    const lost = losses.filter((name) => name !== 'connectionsAccepted' && !text.includes(`\`${name}\``))
    expect(lost).toEqual([])
  })
})
