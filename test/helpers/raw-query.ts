import { askTcp, askUdp } from '../../src/cli/dns-client.ts'
import { rrTypeFromText } from '../../src/wire/rrtype.ts'
import { RrClass } from '../../src/wire/rrclass.ts'
import { opt, packet, questionOctets } from '../wire/packet.ts'

/** What a raw query says beside its question. */
export interface RawQueryOptions {
  /** False leaves the OPT record out. */
  readonly edns?: boolean
  /** Data of the OPT record: its options. */
  readonly ednsData?: readonly number[]
  /** Default IN. */
  readonly rrclass?: number
  readonly sizeOctets?: number
  readonly dnssecOk?: boolean
  readonly checkingDisabled?: boolean
  readonly recursionDesired?: boolean
}

export interface RawServer {
  readonly address: string
  readonly port: number
  readonly transport: 'udp' | 'tcp'
}

/** Asks with octets put together by hand, for names and flags that client libraries do not know. Gives the reply's octets. */
export async function askRaw(
  { transport, ...server }: RawServer,
  question: string,
  options: RawQueryOptions = {},
): Promise<Buffer> {
  const { edns = true, ednsData = [], rrclass = RrClass.IN, sizeOctets = 1232, dnssecOk = false } = options
  const at = question.lastIndexOf(' ')
  const flags =
    (options.recursionDesired === false ? 0 : 0x0100) | (options.checkingDisabled === true ? 0x0010 : 0)
  const message = packet({
    flags,
    question: questionOctets(question.slice(0, at), rrTypeFromText(question.slice(at + 1)) ?? 0, rrclass),
    additional: edns ? [opt(ednsData, { size: sizeOctets, ttl: dnssecOk ? 0x8000 : 0 })] : [],
  })
  const ask = transport === 'tcp' ? askTcp : askUdp
  return (await ask(Buffer.from(message), server)).octets
}
