import { createSocket } from 'node:dgram'
import { connect } from 'node:net'

import { Packet } from 'dns2'

import { recordLine } from './record-line.ts'

/** How a question is asked. Over UDP with an OPT record of 1,232 octets where nothing else is said. */
export interface AskOptions {
  readonly transport?: 'udp' | 'tcp'
  /** False leaves the OPT record out. */
  readonly edns?: false | { readonly sizeOctets?: number; readonly dnssecOk?: boolean }
}

/** A reply as dns2 reads it, and as it came. */
export interface DnsReply {
  readonly packet: Packet
  readonly octets: Buffer
  /** `NOERROR`, `NXDOMAIN` and so on. */
  readonly rcode: string
  readonly truncated: boolean
  /** The sections as lines of a zone file, in the order of the message; OPT is left out. */
  readonly answer: readonly string[]
  readonly authority: readonly string[]
  readonly additional: readonly string[]
  /** The first Extended DNS Error (RFC 8914). */
  readonly extendedError: { readonly code: number; readonly text: string } | undefined
}

/** A client that shares no code with the server: node's sockets, and dns2 for every octet sent and read. */
export interface DnsClient {
  readonly port: number
  /** Asks a question such as `web.shop.svc.cluster.local SRV`; A where no type is given. */
  ask(question: string, options?: AskOptions): Promise<DnsReply>
  /**
   * What the question comes to, in a form that a zone file can be held against: the records of the answer, sorted;
   * `NODATA` or `NXDOMAIN` where the SOA of the zone vouches for it; any other RCODE by its name, records behind it.
   */
  outcome(question: string, options?: AskOptions): Promise<readonly string[]>
}

const TIMEOUT_MS = 5_000

export function dnsClient(port: number, address = '127.0.0.1'): DnsClient {
  const ask = async (question: string, options: AskOptions = {}): Promise<DnsReply> => {
    const message = composeQuery(question, options)
    const exchange = options.transport === 'tcp' ? exchangeTcp : exchangeUdp
    return readReply(await exchange(message, port, address), message)
  }
  return {
    port,
    ask,
    outcome: async (question, options) => outcomeOf(await ask(question, options)),
  }
}

/** See `outcome` of a client. */
export function outcomeOf({ rcode, answer, authority }: DnsReply): readonly string[] {
  const records = answer.toSorted()
  if (rcode === 'NOERROR' && records.length > 0) return records
  const isVouchedFor = authority.some((line) => line.includes(' IN SOA '))
  if (rcode === 'NOERROR') return [isVouchedFor ? 'NODATA' : 'NODATA without SOA']
  if (rcode === 'NXDOMAIN' && !isVouchedFor) return ['NXDOMAIN without SOA', ...records]
  return [rcode, ...records]
}

function composeQuery(question: string, { edns = {} }: AskOptions): Buffer {
  const [name = '', type = 'A'] = question.split(' ')
  const packet = new Packet()
  packet.header.id = Packet.uuid()
  packet.header.rd = 1
  packet.questions.push(new Packet.Question(name.replace(/\.$/, ''), typeCode(type), Packet.CLASS.IN))
  if (edns !== false) {
    const { sizeOctets = 1232, dnssecOk = false } = edns
    packet.additionals.push(Packet.Resource.EDNS([], { udpPayloadSize: sizeOctets, doFlag: dnssecOk }))
  }
  return packet.toBuffer()
}

function typeCode(type: string): number {
  const code = Object.entries(Packet.TYPE).find(([mnemonic]) => mnemonic === type)?.[1]
  const number = code ?? Number(/^TYPE(\d+)$/.exec(type)?.[1])
  if (Number.isNaN(number)) throw new RangeError(`Cannot ask for type ${type}: dns2 does not know it`)
  return number
}

async function exchangeUdp(message: Buffer, port: number, address: string): Promise<Buffer> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const timer = setTimeout(() => reject(new Error(`no reply over UDP within ${TIMEOUT_MS} ms`)), TIMEOUT_MS)
  socket.on('error', reject)
  socket.on('message', resolve)
  socket.send(message, port, address)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    socket.close()
  }
}

async function exchangeTcp(message: Buffer, port: number, address: string): Promise<Buffer> {
  const socket = connect({ host: address, port, timeout: TIMEOUT_MS })
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  socket.on('error', reject)
  socket.on('timeout', () => reject(new Error(`no reply over TCP within ${TIMEOUT_MS} ms`)))
  Packet.readStream(socket).then(resolve, reject)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  socket.write(Buffer.concat([length, message]))
  try {
    return await promise
  } finally {
    socket.destroy()
  }
}

/** Throws where the reply is not one to this query, or dns2 cannot read all of it. */
function readReply(octets: Buffer, query: Buffer): DnsReply {
  const packet = Packet.parse(octets)
  const [error] = packet.errors
  if (error !== undefined) throw error
  if (packet.header.qr !== 1 || packet.header.id !== query.readUInt16BE(0)) {
    throw new Error('the datagram is no reply to what was asked')
  }
  return {
    packet,
    octets,
    rcode: rcodeName(packet.header.rcode),
    truncated: packet.header.tc === 1,
    answer: packet.answers.map(recordLine),
    authority: packet.authorities.map(recordLine),
    additional: packet.additionals.filter(({ type }) => type !== Packet.TYPE.EDNS).map(recordLine),
    extendedError: extendedErrorOf(packet),
  }
}

function rcodeName(rcode: number): string {
  return Object.entries(Packet.RCODE).find(([, code]) => code === rcode)?.[0] ?? `RCODE${rcode}`
}

function extendedErrorOf({ additionals }: Packet): DnsReply['extendedError'] {
  const options = additionals.flatMap(({ type, rdata }) => (type === Packet.TYPE.EDNS ? (rdata ?? []) : []))
  const option = options.find(({ ednsCode }) => ednsCode === Packet.EDNS_OPTION_CODE.EDE)
  if (option === undefined || !('infoCode' in option) || !('extraText' in option)) return undefined
  return { code: Number(option.infoCode), text: String(option.extraText) }
}
