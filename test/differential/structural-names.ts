import type { Profile } from './corefiles.ts'
import type { AskedName } from './names.ts'
import type { GeneratedCluster } from './objects.ts'

/** Names that every zone has whatever its objects, and names beside the zones. */
export function structuralNames({ namespaces }: GeneratedCluster, { zones }: Profile): readonly AskedName[] {
  const inEveryZone = zones
    .filter((zone) => !zone.endsWith('.arpa.'))
    .flatMap((zone) => ofZone(zone, namespaces))
  return [
    ...inEveryZone,
    ...REVERSE,
    ...zones.filter((zone) => zone.endsWith('.arpa.')).map((name) => ({ kind: 'reverse-apex', name })),
    ...OUTSIDE,
  ]
}

function ofZone(zone: string, namespaces: readonly string[]): readonly AskedName[] {
  const missing = ['nowhere', 'gone', '*', '_']
  return [
    ...all('apex', [zone]),
    ...all('svc', [`svc.${zone}`]),
    ...all('pod-tree', [`pod.${zone}`]),
    ...all(
      'namespace',
      namespaces.map((namespace) => `${namespace}.svc.${zone}`),
    ),
    ...all(
      'namespace-missing',
      missing.map((namespace) => `${namespace}.svc.${zone}`),
    ),
    ...all(
      'pod-namespace',
      namespaces.map((namespace) => `${namespace}.pod.${zone}`),
    ),
    ...all(
      'pod-namespace-missing',
      missing.map((namespace) => `${namespace}.pod.${zone}`),
    ),
    ...all('dns-version', [`dns-version.${zone}`]),
    ...all('dns-version-below', [`x.dns-version.${zone}`, `dns-version.svc.${zone}`]),
    ...all('dns', [`dns.${zone}`]),
    ...all('ns-dns', [`ns.dns.${zone}`]),
    ...all('dns-below', [`x.dns.${zone}`, `x.ns.dns.${zone}`, `ns.${zone}`]),
    ...all('other-tree', [
      `x.${zone}`,
      `web.shop.${zone}`,
      `endpoints.${zone}`,
      `*.${zone}`,
      `a.b.c.d.e.${zone}`,
    ]),
    ...all('why-structure', [
      `_why.${zone}`,
      `_why.svc.${zone}`,
      `_why.nowhere.svc.${zone}`,
      `_why.x.${zone}`,
    ]),
    ...all('escaped', [`a\\.b.shop.svc.${zone}`, `\\000.shop.svc.${zone}`, `a\\032b.svc.${zone}`]),
    ...all('long-label', [`${'l'.repeat(63)}.shop.svc.${zone}`, `${'l'.repeat(63)}.${zone}`]),
  ]
}

function all(kind: string, names: readonly string[]): readonly AskedName[] {
  return names.map((name) => ({ kind, name }))
}

const REVERSE: readonly AskedName[] = [
  { kind: 'reverse-structure', name: '10.in-addr.arpa.' },
  { kind: 'reverse-structure', name: '244.10.in-addr.arpa.' },
  { kind: 'reverse-structure', name: '96.10.in-addr.arpa.' },
  { kind: 'reverse-structure', name: '0.0.d.f.ip6.arpa.' },
  { kind: 'reverse-outside', name: '1.2.0.192.in-addr.arpa.' },
  { kind: 'reverse-outside', name: '1.0.168.192.in-addr.arpa.' },
  { kind: 'reverse-outside', name: `${'0.'.repeat(31)}2.ip6.arpa.` },
  { kind: 'reverse-below', name: 'svc.in-addr.arpa.' },
  { kind: 'reverse-below', name: 'ns.dns.in-addr.arpa.' },
  { kind: 'reverse-below', name: 'dns-version.in-addr.arpa.' },
  { kind: 'reverse-below', name: 'shop.svc.in-addr.arpa.' },
]

const OUTSIDE: readonly AskedName[] = [
  ...['web', 'alt', 'chain', 'extra', 'nodata', 'nx', 'servfail', 'refused', 'large'].map((label) => ({
    kind: `outside-${label}`,
    name: `${label}.outside.example.`,
  })),
  { kind: 'outside-above', name: '.' },
  { kind: 'outside-above', name: 'local.' },
  { kind: 'outside-above', name: 'arpa.' },
  { kind: 'outside-beside', name: 'xcluster.local.' },
]
