import { createSocket } from 'node:dgram'
import { on } from 'node:events'
import type DNS from 'dns2'
import { Packet, UDPClient } from 'dns2'
import type { BenchQuestion } from './queries.ts'
import type { BenchServer } from './servers.ts'

/** How finely the time to a first answer is told. */
const ASK_EVERY_MS = 2

/** What counts in a reply when two servers are compared: RCODE, AA and the answer section as a set. */
interface ReplyView {
  readonly rcode: number
  readonly authoritativeAnswer: boolean
  readonly answer: readonly string[]
}

/** One line for each question that the two servers on 127.0.0.1 answer differently. */
export async function findDifferences(
  ports: readonly [number, number],
  questions: readonly BenchQuestion[],
): Promise<string[]> {
  const differences: string[] = []
  for (const question of questions) {
    const [left, right] = await Promise.all(
      ports.map(async (port) => JSON.stringify(await ask(port, question))),
    )
    if (left !== right) differences.push(`${question.name} ${question.type}: ${left} against ${right}`)
  }
  return differences
}

/**
 * Waits until the server gives the name an answer, asking again and again: it may not be there yet, or not know the name
 * yet. Rejects when the server ends by itself, and after `timeoutMs`.
 */
export async function waitForAnswer(
  { name, port, ended }: Pick<BenchServer, 'name' | 'port' | 'ended'>,
  question: BenchQuestion,
  timeoutMs = 30_000,
): Promise<void> {
  const query = composeQuery(question)
  const socket = createSocket('udp4')
  const repeat = setInterval(() => socket.send(query, port, '127.0.0.1'), ASK_EVERY_MS)
  const signal = AbortSignal.any([ended, AbortSignal.timeout(timeoutMs)])
  try {
    for await (const [octets] of on(socket, 'message', { signal })) {
      if (Packet.parse(octets).answers.length > 0) return
    }
  } catch (error) {
    const what = ended.aborted ? 'it ended' : `within ${timeoutMs} ms it did not answer ${question.name}`
    throw new Error(`Cannot measure ${name}: ${what}`, { cause: error })
  } finally {
    clearInterval(repeat)
    socket.close()
  }
}

/** Asks over UDP, and over TCP where the reply was truncated. Rejects after 2 s without a reply. */
async function ask(port: number, { name, type }: BenchQuestion): Promise<ReplyView> {
  const reply = await UDPClient({ dns: '127.0.0.1', port, timeout: 2000 })(name, type)
  if (reply.errors.length > 0) throw new Error(`Cannot parse the reply to ${name} ${type} from port ${port}`)
  return {
    rcode: reply.header.rcode,
    authoritativeAnswer: reply.header.aa === 1,
    answer: reply.answers.map(describeRecord).toSorted(),
  }
}

function composeQuery({ name, type }: BenchQuestion): Buffer {
  const query = new Packet()
  query.header.id = 1
  query.questions.push(new Packet.Question(name, Packet.TYPE[type], Packet.CLASS.IN))
  return query.toBuffer()
}

function describeRecord({ name, type, ttl, ...rdata }: DNS.Packet.Resource): string {
  const { address, priority, weight, port, target } = rdata
  const fields = [name.toLowerCase(), ttl, type, address, priority, weight, port, target]
  return fields.filter((field) => field !== undefined).join(' ')
}
