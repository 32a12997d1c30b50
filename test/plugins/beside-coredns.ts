import { onTestFinished } from 'vitest'

import { startServer } from '../../src/index.ts'
import { parseMessage } from '../../src/wire/message.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import type { ResourceRecord } from '../../src/wire/record.ts'
import { rrClassToText } from '../../src/wire/rrclass.ts'
import { rrTypeToText } from '../../src/wire/rrtype.ts'
import { startCoredns } from '../helpers/coredns.ts'
import type { DirectiveSet } from '../helpers/directive-sets/directive-set.ts'
import type { RawQueryOptions } from '../helpers/raw-query.ts'
import { askRaw } from '../helpers/raw-query.ts'
import { tempFolder } from '../helpers/temp-folder.ts'

/** What a reply says. Of its OPT record only the NSID, as text: differences.md 19 has another size there. */
export interface Outline {
  readonly rcode: number
  /** Those that are set, of `aa`, `tc`, `rd`, `ra`, `ad`, `cd`. */
  readonly flags: string
  readonly answer: readonly string[]
  readonly authority: readonly string[]
  readonly additional: readonly string[]
  readonly nsid: string | undefined
}

/** The option code of the name server identifier (RFC 5001). */
export const NSID = 3

/** CoreDNS and this server with the same directives in one block for all names, on 127.0.0.1, until the test ends. */
export interface Pair {
  ask(question: string, options?: RawQueryOptions): Promise<{ ours: Outline; theirs: Outline }>
}

/** Starts both. */
export async function startPair(directives: string, keys = '.'): Promise<Pair> {
  const corefile = (port: number) =>
    `${keys
      .split(' ')
      .map((key) => `${key}:${port}`)
      .join(' ')} {\n bind 127.0.0.1\n ${directives}\n}\n`
  const coredns = await startCoredns(corefile)
  const server = await startServer({ corefileText: corefile(0) })
  onTestFinished(() => server.close())
  return pairOf({ ours: server.port, theirs: coredns.port })
}

/** Starts both with a set and its files. */
export async function startSet({ directives, files = {} }: Omit<DirectiveSet, 'questions'>): Promise<Pair> {
  return startPair(directives.replaceAll('FOLDER', tempFolder(files)))
}

/** Two servers that listen on 127.0.0.1. */
export function pairOf(ports: { readonly ours: number; readonly theirs: number }): Pair {
  return {
    ask: async (question, options) => ({
      ours: await ask(ports.ours, question, options),
      theirs: await ask(ports.theirs, question, options),
    }),
  }
}

async function ask(port: number, question: string, options?: RawQueryOptions): Promise<Outline> {
  return outline(await askRaw({ address: '127.0.0.1', port, transport: 'udp' }, question, options))
}

function outline(octets: Uint8Array): Outline {
  const parsed = parseMessage(octets)
  if (!parsed.ok) throw new Error(`malformed ${parsed.where}`)
  const { message } = parsed
  const flags = [
    message.authoritativeAnswer && 'aa',
    message.truncated && 'tc',
    message.recursionDesired && 'rd',
    message.recursionAvailable && 'ra',
    message.authenticData && 'ad',
    message.checkingDisabled && 'cd',
  ]
  const nsid = message.opt?.options.find(({ code }) => code === NSID)
  return {
    rcode: message.rcode,
    flags: flags.filter((flag) => flag !== false).join(' '),
    answer: message.answer.map(line),
    authority: message.authority.map(line),
    additional: message.additional.map(line),
    nsid: nsid && Buffer.from(nsid.data).toString(),
  }
}

function line({ owner, ttlSeconds, rrclass, rrtype, rdata }: ResourceRecord): string {
  return `${owner} ${ttlSeconds} ${rrClassToText(rrclass)} ${rrTypeToText(rrtype)} ${rdataToText(rdata)}`
}
