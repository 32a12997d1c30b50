import type { LookupCommand } from './command.ts'
import type { LookupKind } from './lookups.ts'
import type { Outcome } from './resolver.ts'

type Reading = Omit<Outcome, 'elapsedMs'>

/** `getaddrinfo` of the C library. A reverse lookup is `gethostbyaddr`. */
export const GETENT_AHOSTS: LookupCommand = {
  program: 'getent',
  args: (kind, subject) => [kind === 'reverse' ? 'hosts' : 'ahosts', subject],
  read: readGetent,
}

/** `gethostbyname2` of the C library: IPv6, then IPv4 where there is none. */
export const GETENT_HOSTS: LookupCommand = {
  program: 'getent',
  args: (_, subject) => ['hosts', subject],
  read: readGetent,
}

export const DIG: LookupCommand = {
  program: 'dig',
  args: (kind, subject) =>
    kind === 'reverse'
      ? ['-r', '-x', subject]
      : ['-r', '+search', ...typesOf(kind).flatMap((type) => ['-q', subject, '-t', type])],
  read: readDig,
}

export const NSLOOKUP: LookupCommand = {
  program: 'nslookup',
  args: nslookupArguments,
  read: readNslookup,
}

export const BUSYBOX_NSLOOKUP: LookupCommand = {
  program: 'busybox',
  args: (kind, subject) => ['nslookup', ...nslookupArguments(kind, subject)],
  read: readNslookup,
}

function typesOf(kind: LookupKind): readonly string[] {
  if (kind === 'any') return ['A', 'AAAA']
  return [kind === 'ipv4' ? 'A' : 'AAAA']
}

function nslookupArguments(kind: LookupKind, subject: string): readonly string[] {
  return kind === 'any' || kind === 'reverse' ? [subject] : [`-type=${typesOf(kind)[0]}`, subject]
}

/** Lines that begin with an address; what follows is its name where an address was asked for. Exit code 2: not found. */
function readGetent(stdout: string, exitCode: number, kind: LookupKind): Reading {
  if (exitCode === 2) return { found: [] }
  if (exitCode !== 0) return { found: [], error: `exit code ${exitCode}` }
  const lines = stdout.trim().split('\n')
  const column = kind === 'reverse' ? 1 : 0
  return { found: lines.map((line) => line.split(/\s+/)[column] ?? '') }
}

/** The section ANSWER in lines of a zone file, once for each question. Exit code 9: no reply. */
function readDig(stdout: string, exitCode: number): Reading {
  if (exitCode !== 0) return { found: [], error: `exit code ${exitCode}` }
  const rcodes = [...stdout.matchAll(/status: (\w+)/g)].map(([, rcode = '']) => rcode)
  const failed = rcodes.find((rcode) => !['NOERROR', 'NXDOMAIN'].includes(rcode))
  if (failed !== undefined) return { found: [], error: failed }
  const records = stdout.matchAll(/^[^;\s]\S*\s+\d+\s+IN\s+(?:A|AAAA|PTR)\s+(\S+)$/gm)
  return { found: [...records].map(([, data = '']) => data.replace(/\.$/, '')) }
}

/** `Name:` and `Address:` for a name, `name =` for an address; refusals in sentences. */
function readNslookup(stdout: string): Reading {
  const addresses = [...stdout.matchAll(/^Name:\t\S+\nAddress: (\S+)$/gm)].map(([, address = '']) => address)
  const names = [...stdout.matchAll(/^\S+\tname = (\S+)$/gm)].map(([, name = '']) => name.replace(/\.$/, ''))
  const found = [...addresses, ...names]
  const failed = /^\*\* server can't find .*: (?!NXDOMAIN)(\w+)$/m.exec(stdout)?.[1]
  if (failed !== undefined) return { found, error: failed }
  const isDenied = /^\*\*.*(?:NXDOMAIN|No answer)/m.test(stdout)
  if (found.length > 0 || isDenied) return { found }
  return { found, error: stdout.trim().split('\n').at(-1) ?? 'no output' }
}
