import * as fc from 'fast-check'

/** Labels that meet often, with one that needs escapes and one in capitals. */
const anyLabel = fc.constantFrom('a', 'b', 'c', 'd', 'B', '*', String.raw`e\.\000`)
/** What the names of one zone have below the origin, most of them short. */
const relative = fc.oneof(
  { weight: 2, arbitrary: anyLabel },
  {
    weight: 1,
    arbitrary: fc.array(anyLabel, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.')),
  },
)

/** A target: in the zone, at its apex, or elsewhere. */
const target = fc.oneof(
  { weight: 6, arbitrary: relative.map((name) => `${name}.example.`) },
  { weight: 2, arbitrary: fc.constantFrom('example.', 'x.test.', 'a.b.test.') },
)

/** What stands at one name: lines without their owner. */
const data = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ['A 192.0.2.1', 'A 192.0.2.2'],
      ['A 192.0.2.3', 'TXT "x"'],
      ['AAAA 2001:db8::1'],
      ['TXT "y"'],
    ),
  },
  { weight: 4, arbitrary: target.map((name) => [`CNAME ${name}`]) },
  { weight: 2, arbitrary: target.map((name) => [`MX 10 ${name}`, `SRV 0 0 80 ${name}`]) },
  { weight: 1, arbitrary: target.map((name) => [`DNAME ${name}`]) },
  { weight: 2, arbitrary: fc.tuple(target, target).map(([one, other]) => [`NS ${one}`, `NS ${other}`]) },
  { weight: 1, arbitrary: target.map((name) => [`NS ${name}`, 'DS 1 8 2 00ff', 'A 192.0.2.9']) },
)

/** An owner below `example.` and its data; names may meet in the same place, and what results may be no zone. */
const node = fc.tuple(relative, data).map(([name, rows]) => ({ owner: `${name}.example.`, rows }))

const APEX = ['example. 60 SOA ns hostmaster 1 2 3 4 30', 'example. 60 NS ns.test.']

/** Zone files of any shape, conflicts among them. */
export const anyZoneText: fc.Arbitrary<string> = fc
  .array(node, { maxLength: 14 })
  .map((nodes) => zoneText(nodes))

/**
 * Zone files of the same shapes without conflicts: one kind of data to a name, nothing below a DNAME, no delegation or
 * DNAME at a wildcard.
 */
export const coherentZoneText: fc.Arbitrary<string> = fc.array(node, { maxLength: 14 }).map((nodes) => {
  const kept = new Map<string, (typeof nodes)[number]>()
  for (const one of nodes) {
    const isWild = one.owner.startsWith('*.')
    if (isWild && one.rows.some((row) => /^(?:NS|DNAME) /.test(row))) continue
    kept.set(one.owner.toLowerCase(), one)
  }
  const dnames = [...kept].filter(([, { rows }]) => rows.some((row) => row.startsWith('DNAME')))
  const isRedirected = (owner: string) => dnames.some(([dname]) => owner.endsWith(`.${dname}`))
  return zoneText([...kept].filter(([owner]) => !isRedirected(owner)).map(([, one]) => one))
})

function zoneText(nodes: readonly { readonly owner: string; readonly rows: readonly string[] }[]): string {
  return [...APEX, ...nodes.flatMap(({ owner, rows }) => rows.map((row) => `${owner} 60 ${row}`)), ''].join(
    '\n',
  )
}

/** Names to ask a zone for: those that it may have, around and below them. */
export const probes: readonly string[] = below('example.', [
  'a',
  'b',
  'c',
  '*',
  'z',
  String.raw`e\.\000`,
]).flatMap((one) =>
  [one].concat(
    below(one, ['a', 'b', 'd', '*', 'z']).flatMap((two) => [two].concat(below(two, ['a', 'c', 'z']))),
  ),
)

function below(name: string, labels: readonly string[]): string[] {
  return labels.map((label) => `${label}.${name}`)
}
