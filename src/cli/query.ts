import type { Packet as Dns2Packet } from 'dns2'

import { HEADER_OCTETS } from '../wire/header.ts'
import { RrClass } from '../wire/rrclass.ts'
import type { RawReply } from './dns-client.ts'
import { askTcp, askUdp } from './dns-client.ts'
import type { QueryArguments } from './query-arguments.ts'
import { parseQueryArguments } from './query-arguments.ts'
import { replyAsJson, replyAsText, shortText } from './reply-text.ts'

/** As dig's: a reply that says no is still a reply. */
const EXIT_USAGE = 1
const EXIT_NO_REPLY = 9

/** Big enough for what a local network carries; a server cuts to its own size (RFC 6891 6.2.5). */
const UDP_PAYLOAD_SIZE_OCTETS = 1232

/** `slicedns query …`: asks a server, prints the reply as dig does, and its Extended DNS Error in words. */
export async function query(argv: readonly string[]): Promise<number> {
  try {
    const asked = parseQueryArguments(argv)
    return await ask(asked)
  } catch (error) {
    process.stderr.write(`slicedns query: ${error instanceof Error ? error.message : String(error)}\n`)
    return EXIT_USAGE
  }
}

async function ask(asked: QueryArguments): Promise<number> {
  const { Packet } = await import('dns2')
  const message = composeQuery(asked, Packet)
  const raw = await exchange(asked, message).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    return complain(asked, `${why}; is a server listening there? (slicedns FOLDER, or @server:port)`)
  })
  if (typeof raw === 'number') return raw
  if (raw.octets.length < HEADER_OCTETS) return complain(asked, 'the reply is no DNS message')
  const reply = Packet.parse(raw.octets)
  if (asked.json) process.stdout.write(`${JSON.stringify(replyAsJson(asked, raw, reply), undefined, 2)}\n`)
  else process.stdout.write(asked.short ? shortText(reply) : replyAsText(asked, raw, reply))
  return 0
}

function complain({ server: { address, port } }: QueryArguments, why: string): number {
  process.stderr.write(`slicedns query: ${address} port ${port}: ${why}\n`)
  return EXIT_NO_REPLY
}

/** UDP, then TCP where the reply was truncated (RFC 7766 section 5). */
async function exchange({ server, tcp }: QueryArguments, message: Buffer): Promise<RawReply> {
  if (tcp) return askTcp(message, server)
  const reply = await askUdp(message, server)
  const isTruncated = ((reply.octets[2] ?? 0) & 0x02) !== 0
  return isTruncated ? askTcp(message, server) : reply
}

function composeQuery({ name, rrtype }: QueryArguments, Packet: typeof Dns2Packet): Buffer {
  const message = new Packet()
  message.header.id = Packet.uuid()
  message.header.rd = 1
  message.questions.push(new Packet.Question(name, rrtype, RrClass.IN))
  message.additionals.push(Packet.Resource.EDNS([], { udpPayloadSize: UDP_PAYLOAD_SIZE_OCTETS }))
  return message.toBuffer()
}
