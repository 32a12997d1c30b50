import { expect, test } from 'vitest'

import { readTree } from './helpers/source-tree.ts'

/**
 * The robustness cases that must be shown by a test, a row of a bench or a case of a longer suite whose title begins with their number,
 * or be counted as not applicable: header and envelope (H), names (N), types and zone semantics (T), EDNS (E), TCP (C), UDP (U),
 * forwarding (F), Kubernetes (K), what must not be seen or grow (S), operations (R). Those that are left out need what is not built:
 * TLS and HTTPS for clients, cookies, snapshots, transfers, worker threads.
 */
const REQUIRED = [
  ...numbered('H', 20),
  ...numbered('N', 17),
  ...numbered('T', 19),
  ...numbered('E', 23).filter((id) => !['E15', 'E16'].includes(id)),
  ...numbered('C', 16),
  ...numbered('U', 11).filter((id) => id !== 'U05'),
  ...numbered('F', 40),
  ...numbered('K', 36).filter((id) => id !== 'K02'),
  ...numbered('S', 11).filter((id) => ['S06', 'S07', 'S10', 'S11'].includes(id)),
  ...numbered('R', 20).filter((id) => !['R04', 'R05', 'R06', 'R09', 'R14'].includes(id)),
]

test('every required robustness case has a test with its number, or a reason why not', () => {
  const texts = [...readTree('test', ['.ts']), ...readTree('bench', ['.ts'])].map(({ text }) => text)
  const named = new Set(casesNamedIn(texts.join('\n')))
  expect(REQUIRED.filter((id) => !named.has(id))).toEqual([])
})

/** Numbers that begin a title, or a row of a table that becomes one. One title may have several. */
function* casesNamedIn(text: string): Generator<string> {
  for (const [, ids = ''] of text.matchAll(/['"`]((?:[A-Z]\d\d )+)\S/g)) yield* ids.trim().split(' ')
  for (const [, id = ''] of text.matchAll(/notApplicable\(\s*'([A-Z]\d\d)'/g)) yield id
}

function numbered(letter: string, last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`)
}
