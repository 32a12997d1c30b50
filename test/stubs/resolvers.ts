import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

import { commandResolver } from './command.ts'
import { BUSYBOX_NSLOOKUP, DIG, GETENT_AHOSTS, GETENT_HOSTS, NSLOOKUP } from './commands.ts'
import { isInstalled } from './installed.ts'
import { startLineProgram } from './line-program.ts'
import type { LookupKind } from './lookups.ts'
import type { Resolver } from './resolver.ts'
import { caresVersion, glibcVersion, isBefore, muslVersion, versionOf } from './versions.ts'

const ALL_KINDS: readonly LookupKind[] = ['any', 'ipv4', 'ipv6', 'reverse']
/** Where a family cannot be chosen. */
const NO_FAMILY: readonly LookupKind[] = ['any', 'reverse']
const PROGRAMS = join(import.meta.dirname, 'programs')
const ARES_HEADER = '/usr/include/ares.h'

const GLIBC = {
  version: glibcVersion,
  kinds: NO_FAMILY,
  needs: { getent: 'apt-get install libc-bin' },
  habits: { repeatsForLargeAnswers: true },
} as const

const INSTALL_BIND = 'apt-get install bind9-dnsutils'

/** The stub resolvers that Pods have. What is built is built from `programs/`, without a network. */
export const RESOLVERS: readonly Resolver[] = [
  {
    ...GLIBC,
    name: 'glibc',
    about: 'getaddrinfo: `getent ahosts`',
    start: async () => commandResolver(GETENT_AHOSTS),
  },
  {
    ...GLIBC,
    name: 'glibc edns0',
    about: 'the same with `options edns0 trust-ad`',
    start: async () => commandResolver(GETENT_AHOSTS, { RES_OPTIONS: 'edns0 trust-ad' }),
  },
  {
    ...GLIBC,
    name: 'glibc tcp',
    about: 'the same with `options use-vc`',
    start: async () => commandResolver(GETENT_AHOSTS, { RES_OPTIONS: 'use-vc' }),
  },
  {
    ...GLIBC,
    name: 'glibc hosts',
    about: 'gethostbyname2: `getent hosts`',
    habits: { ...GLIBC.habits, prefersIpv6: true },
    start: async () => commandResolver(GETENT_HOSTS),
  },
  {
    name: 'musl',
    about: 'getaddrinfo, as in Alpine Linux; over TCP since 1.2.4',
    version: muslVersion,
    kinds: ALL_KINDS,
    needs: { 'musl-gcc': 'apt-get install musl-tools' },
    habits: { lacksTcp: isInstalled('musl-gcc') && isBefore(muslVersion(), '1.2.4') },
    start: async (folder) => {
      const program = join(folder, 'musl')
      build('musl-gcc', ['-O2', '-static', '-o', program, join(PROGRAMS, 'getaddrinfo.c')])
      return startLineProgram(program, [])
    },
  },
  {
    name: 'Go',
    about: 'its own resolver: `GODEBUG=netdns=go`',
    version: () => versionOf('go', ['version'], /go([\d.]+)/),
    kinds: ALL_KINDS,
    needs: { go: 'apt-get install golang-go' },
    start: async (folder) => {
      const program = join(folder, 'go')
      const environment = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local' }
      build('go', ['build', '-o', program, join(PROGRAMS, 'resolver.go')], environment)
      return startLineProgram(program, [], { GODEBUG: 'netdns=go' })
    },
  },
  {
    name: 'Java',
    about: 'InetAddress, on glibc; it asks for the addresses of what an address is called',
    version: () => versionOf('java', ['-version'], /version "([^"]+)"/),
    kinds: NO_FAMILY,
    needs: { java: 'apt-get install default-jdk-headless' },
    habits: GLIBC.habits,
    start: async () => startLineProgram('java', [join(PROGRAMS, 'resolver.java')]),
  },
  {
    name: 'Python',
    about: 'the socket module, on glibc',
    version: () => versionOf('python3', ['--version'], /Python (\S+)/),
    kinds: ALL_KINDS,
    needs: { python3: 'apt-get install python3' },
    habits: GLIBC.habits,
    start: async () => startLineProgram('python3', [join(PROGRAMS, 'resolver.py')]),
  },
  {
    name: 'Node lookup',
    about: '`dns.lookup`, on glibc',
    version: () => process.versions.node,
    kinds: ALL_KINDS,
    needs: {},
    habits: GLIBC.habits,
    start: async () => startLineProgram(process.execPath, [join(PROGRAMS, 'node-lookup.ts')]),
  },
  {
    name: 'Node resolve',
    about: '`dns.resolve4` and `dns.resolve6`: c-ares without a search list',
    version: () => `${process.versions.node} with c-ares ${process.versions.ares}`,
    kinds: ALL_KINDS,
    needs: {},
    habits: { searches: 'nothing' },
    start: async () => startLineProgram(process.execPath, [join(PROGRAMS, 'node-resolve.ts')]),
  },
  {
    name: 'c-ares',
    about: '`ares_getaddrinfo`, as in gRPC and Envoy',
    version: () => caresVersion(ARES_HEADER),
    kinds: ALL_KINDS,
    needs: { gcc: 'apt-get install gcc libc6-dev', [ARES_HEADER]: 'apt-get install libc-ares-dev' },
    start: async (folder) => {
      const program = join(folder, 'c-ares')
      build('gcc', ['-O2', '-o', program, join(PROGRAMS, 'c-ares.c'), '-lcares'])
      return startLineProgram(program, [])
    },
  },
  {
    name: 'busybox',
    about: '`busybox nslookup`; it completes names without a dot only, and never asks over TCP',
    version: () => versionOf('busybox', [], /BusyBox v(\S+)/),
    kinds: ALL_KINDS,
    needs: { busybox: 'apt-get install busybox' },
    habits: { searches: 'undotted', lacksTcp: true },
    start: async () => commandResolver(BUSYBOX_NSLOOKUP),
  },
  {
    name: 'nslookup',
    about: 'of BIND',
    version: () => versionOf('nslookup', ['-version'], /nslookup ([\d.]+)/),
    kinds: ALL_KINDS,
    needs: { nslookup: INSTALL_BIND },
    start: async () => commandResolver(NSLOOKUP),
  },
  {
    name: 'dig',
    about: '`dig +search` of BIND, asked for A and AAAA',
    version: () => versionOf('dig', ['-v'], /DiG ([\d.]+)/),
    kinds: ALL_KINDS,
    needs: { dig: INSTALL_BIND },
    start: async () => commandResolver(DIG),
  },
]

function build(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): void {
  execFileSync(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
