import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A DNS client of the operating system, run as a child process for each question. */
export interface DnsTool {
  readonly name: 'dig' | 'kdig' | 'nslookup'
  readonly isInstalled: boolean
  /** False where the tool does not show TTLs: its lines lack that field. */
  readonly showsTtl: boolean
  /** The same as `DnsClient.outcome`, read from what the tool prints. */
  readonly outcome: (question: string, port: number) => Promise<readonly string[]>
  /** The same for a short name, which the tool completes with this domain. Undefined where the tool cannot. */
  readonly outcomeInDomain?: (shortName: string, domain: string, port: number) => Promise<readonly string[]>
}

export const DNS_TOOLS: readonly DnsTool[] = [
  {
    name: 'dig',
    isInstalled: isInstalled('dig'),
    showsTtl: true,
    outcome: async (question, port) =>
      readDig(await run('dig', ['-r', ...toPort(port), '+tries=1', ...nameAndType(question)])),
    outcomeInDomain: async (shortName, domain, port) =>
      readDig(await run('dig', ['-r', ...toPort(port), '+search', `+domain=${domain}`, '-q', shortName])),
  },
  {
    name: 'kdig',
    isInstalled: isInstalled('kdig'),
    showsTtl: true,
    outcome: async (question, port) =>
      readDig(await run('kdig', [...toPort(port), ...nameAndType(question)])),
  },
  {
    name: 'nslookup',
    isInstalled: isInstalled('nslookup'),
    showsTtl: false,
    outcome: async (question, port) => {
      const [name = '', type = 'A'] = question.split(' ')
      return readNslookup(await run('nslookup', [`-port=${port}`, `-type=${type}`, name, '127.0.0.1']))
    },
    outcomeInDomain: async (shortName, domain, port) =>
      readNslookup(
        await run('nslookup', [`-port=${port}`, '-type=A', `-domain=${domain}`, shortName, '127.0.0.1']),
      ),
  },
]

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function toPort(port: number): readonly string[] {
  return ['@127.0.0.1', '-p', String(port)]
}

function nameAndType(question: string): readonly string[] {
  const [name = '', type = 'A'] = question.split(' ')
  return ['-q', name, '-t', type]
}

/** What the program prints. Its exit code is left alone: nslookup's is 1 for NXDOMAIN. */
function run(program: string, args: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  execFile(program, args, { timeout: 10_000, env: { ...process.env, LC_ALL: 'C' } }, (error, stdout) => {
    if (error !== null && typeof error.code !== 'number') reject(error)
    else resolve(stdout)
  })
  return promise
}

/** dig and kdig print a message section by section, in lines of a zone file. */
function readDig(text: string): readonly string[] {
  const rcode = /status: (\w+)/.exec(text)?.[1] ?? `no status in: ${text}`
  const records = sectionLines(text, 'ANSWER').toSorted()
  const isVouchedFor = sectionLines(text, 'AUTHORITY').some((line) => line.includes(' IN SOA '))
  if (rcode === 'NOERROR' && records.length > 0) return records
  if (rcode === 'NOERROR') return [isVouchedFor ? 'NODATA' : 'NODATA without SOA']
  if (rcode === 'NXDOMAIN' && !isVouchedFor) return ['NXDOMAIN without SOA', ...records]
  return [rcode, ...records]
}

function sectionLines(text: string, section: string): readonly string[] {
  const lines = text.split('\n')
  const start = lines.indexOf(`;; ${section} SECTION:`)
  if (start === -1) return []
  const end = lines.indexOf('', start)
  return lines.slice(start + 1, end).map((line) => line.replaceAll(/\s+/g, ' '))
}

const NSLOOKUP_WORDS = { service: 'SRV', name: 'PTR', text: 'TXT', 'canonical name': 'CNAME' }

/** nslookup prints addresses as `Name:` and `Address:`, other types as `owner<TAB>word = data`. */
function readNslookup(text: string): readonly string[] {
  const denied = /^\*\* server can't find .*: (\w+)$/m.exec(text)?.[1]
  if (denied !== undefined) return [denied]
  if (/Can't find .*: No answer$/m.test(text)) return ['NODATA']
  const addresses = [...text.matchAll(/^Name:\t(\S+)\nAddress: (\S+)$/gm)].map(
    ([, owner, address]) => `${owner}. IN ${address?.includes(':') === true ? 'AAAA' : 'A'} ${address}`,
  )
  const others = Object.entries(NSLOOKUP_WORDS).flatMap(([word, type]) =>
    [...text.matchAll(new RegExp(`^(\\S+)\t${word} = (.*)$`, 'gm'))].map(
      ([, owner, data]) => `${owner}. IN ${type} ${data}`,
    ),
  )
  return [...addresses, ...others].toSorted()
}
