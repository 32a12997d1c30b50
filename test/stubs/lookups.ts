import type { DnsClient } from '../helpers/dns-client.ts'
import { OUTSIDE } from './outside.ts'

/** What is asked of a resolver: the addresses of a name, of one family or both, or the names of an address. */
export type LookupKind = 'any' | 'ipv4' | 'ipv6' | 'reverse'

export interface Lookup {
  readonly kind: LookupKind
  /** A name as a program would write it, or an address. */
  readonly subject: string
  /** What the subject is an example of. */
  readonly about: string
  /** Addresses, or names without the final dot, in any order. None: it does not exist, or not in this family. */
  readonly expected: readonly string[]
  /** Names that stand for themselves, search list or not. */
  readonly isComplete: boolean
}

/** Asks the server for the addresses that it allocated itself; all others are known from the manifests and the script. */
export async function labLookups(client: DnsClient): Promise<readonly Lookup[]> {
  const addressesOf = async (name: string) =>
    (await client.ask(`${name}.svc.cluster.local.`)).answer.map((line) => line.split(' ').at(-1) ?? '')
  const clusterIp = await addressesOf('clusterip1.default')
  const nodePort = await addressesOf('my-service.lab-nodeport')
  const pods = await addressesOf('headless1.default')
  const podA = await addressesOf('pod-a.headless1.default')
  return [
    ...shortNames(clusterIp, pods, podA),
    ...longerNames(nodePort),
    ...outsideNames(),
    ...missingNames(),
    ...addresses(clusterIp, podA),
  ]
}

function shortNames(
  clusterIp: readonly string[],
  pods: readonly string[],
  podA: readonly string[],
): readonly Lookup[] {
  return [
    short('any', 'clusterip1', 'ClusterIP, no IPv6', clusterIp),
    short('any', 'ClusterIP1', 'letter case', clusterIp),
    short('ipv4', 'clusterip1', 'IPv4 only', clusterIp),
    short('ipv6', 'clusterip1', 'IPv6 only: none', []),
    short('any', 'headless1', 'headless, two Pods', pods),
    short('any', 'pod-a.headless1', 'a Pod by its hostname', podA),
    short('any', 'families.lab-families', 'both families', ['10.10.0.1', 'fd00:10:10::1']),
    short('any', 'growth.lab-growth', '250 addresses', growing()),
    complete('any', 'growth.lab-growth.svc.cluster.local.', 'the same, final dot', growing()),
    short('any', 'externalname1', 'ExternalName', OUTSIDE['github.github.io'].addresses),
  ]
}

function longerNames(nodePort: readonly string[]): readonly Lookup[] {
  const full = 'my-service.lab-nodeport.svc.cluster.local'
  return [
    short('any', 'my-service.lab-nodeport', 'name.namespace', nodePort),
    short('any', 'my-service.lab-nodeport.svc', 'name.namespace.svc', nodePort),
    complete('any', full, 'full name, four dots', nodePort),
    complete('any', `${full}.`, 'full name, final dot', nodePort),
  ]
}

function outsideNames(): readonly Lookup[] {
  const { addresses: found } = OUTSIDE['www.example.org']
  return [
    complete('any', 'www.example.org', 'outside', found),
    complete('any', 'www.example.org.', 'outside, final dot', found),
  ]
}

function missingNames(): readonly Lookup[] {
  return [
    short('any', 'missing', 'no such Service', []),
    short('any', 'missing.lab-nodeport', 'no such Service there', []),
    complete('any', 'missing.example.org', 'no such name outside', []),
  ]
}

function addresses(clusterIp: readonly string[], podA: readonly string[]): readonly Lookup[] {
  return [
    ...clusterIp.map((address) =>
      complete('reverse', address, 'cluster IP', ['clusterip1.default.svc.cluster.local']),
    ),
    ...podA.map((address) =>
      complete('reverse', address, 'a Pod', ['pod-a.headless1.default.svc.cluster.local']),
    ),
    complete('reverse', 'fd00:10:10::1', 'IPv6 endpoint', [
      'fd00-10-10--1.families.lab-families.svc.cluster.local',
    ]),
    complete('reverse', '192.0.2.80', 'outside', ['www.example.org']),
    complete('reverse', '10.111.222.233', 'nobody has it', []),
  ]
}

/** Names that need the search list. */
function short(kind: LookupKind, subject: string, about: string, expected: readonly string[]): Lookup {
  return { kind, subject, about, expected, isComplete: false }
}

function complete(kind: LookupKind, subject: string, about: string, expected: readonly string[]): Lookup {
  return { kind, subject, about, expected, isComplete: true }
}

/** The endpoints of examples/labs/11-slice-growth.yaml. */
function growing(): readonly string[] {
  return Array.from({ length: 250 }, (_, index) => `10.11.0.${index + 1}`)
}
