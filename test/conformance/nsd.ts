import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { composeMessage } from '../../src/wire/compose-message.ts'
import { type Message, parseMessage } from '../../src/wire/message.ts'
import { rrTypeFromText } from '../../src/wire/rrtype.ts'
import { name } from '../wire/packet.ts'

/** Whether a program of NSD, an authoritative server in C, is there to compare with. */
export function hasNsd(program: 'nsd' | 'nsd-checkzone'): boolean {
  return spawnSync(program, ['-h']).error === undefined
}

/** Whether nsd-checkzone loads a text as the zone `origin`. */
export function nsdLoads(text: string, origin: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'slicedns-nsd-'))
  const file = join(folder, 'zone')
  writeFileSync(file, text)
  const { status } = spawnSync('nsd-checkzone', [origin, file])
  rmSync(folder, { recursive: true })
  return status === 0
}

export interface Nsd {
  /** The replies to questions such as `www.example. MX`, in their order. */
  readonly ask: (questions: readonly string[]) => Promise<readonly Message[]>
  readonly close: () => Promise<void>
}

/** Starts NSD on zones by their origin; ready when it answers for the last of them. */
export async function startNsd(zones: ReadonlyMap<string, string>): Promise<Nsd> {
  const folder = mkdtempSync(join(tmpdir(), 'slicedns-nsd-'))
  const port = await freePort()
  writeFileSync(join(folder, 'nsd.conf'), configuration(folder, port, [...zones.keys()]))
  for (const [origin, text] of zones) writeFileSync(join(folder, fileOf(origin)), text)
  const child = spawn('nsd', ['-d', '-c', join(folder, 'nsd.conf')], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const asker = await startAsker(port)
  const [last = '.'] = [...zones.keys()].slice(-1)
  for (let tries = 0; tries < 100; tries++) {
    const [reply] = await asker.ask([`${last} SOA`], 200)
    if (reply?.authoritativeAnswer === true) break
    await sleep(100)
  }
  return {
    ask: async (questions) => {
      const replies: Message[] = []
      // As many as fit into the buffers of a socket.
      for (let start = 0; start < questions.length; start += 100) {
        replies.push(...(await asker.ask(questions.slice(start, start + 100), 5000)))
      }
      return replies
    },
    close: async () => {
      asker.close()
      child.kill()
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

interface Asker {
  readonly ask: (questions: readonly string[], timeoutMs: number) => Promise<readonly Message[]>
  readonly close: () => void
}

async function startAsker(port: number): Promise<Asker> {
  const socket = createSocket('udp4')
  const waiting = new Map<number, (reply: Message) => void>()
  // Counted on, so that a late reply to an earlier question is none to a later one.
  let nextId = 0
  socket.on('message', (octets) => {
    const parsed = parseMessage(octets)
    if (parsed.ok) waiting.get(parsed.message.id)?.(parsed.message)
  })
  // What nobody listens to yet refuses; the next try comes.
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve))
  return {
    ask: async (questions, timeoutMs) => {
      const deadline = sleep(timeoutMs, undefined)
      const replies = questions.map((question) => {
        const id = nextId++ & 0xffff
        const reply = new Promise<Message>((resolve) => waiting.set(id, resolve))
        socket.send(composeMessage(queryOf(question, id)))
        return reply
      })
      const all = await Promise.race([Promise.all(replies), deadline])
      return all ?? []
    },
    close: () => socket.close(),
  }
}

function queryOf(question: string, id: number): Message {
  const [qname = '', type = ''] = question.split(' ')
  return {
    id,
    response: false,
    opcode: 0,
    authoritativeAnswer: false,
    truncated: false,
    recursionDesired: false,
    recursionAvailable: false,
    authenticData: false,
    checkingDisabled: false,
    rcode: 0,
    questions: [{ qname: name(qname), qtype: rrTypeFromText(type) ?? 0, qclass: 1 }],
    answer: [],
    authority: [],
    additional: [],
    opt: { udpPayloadSize: 4096, version: 0, dnssecOk: false, options: [] },
  }
}

function configuration(folder: string, port: number, origins: readonly string[]): string {
  const zones = origins.map((origin) => `zone:\n  name: ${origin}\n  zonefile: "${fileOf(origin)}"\n`)
  return `server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  username: ""
  database: ""
  zonesdir: "${folder}"
  pidfile: "${join(folder, 'nsd.pid')}"
  xfrdfile: "${join(folder, 'xfrd.state')}"
  zonelistfile: "${join(folder, 'zone.list')}"
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
  minimal-responses: yes
remote-control:
  control-enable: no
${zones.join('')}`
}

function fileOf(origin: string): string {
  return `${origin}zone`
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(() => resolve()))
  return port
}
