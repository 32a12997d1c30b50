import { composeMessage } from '../../src/wire/compose-message.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { rrTypeToText } from '../../src/wire/rrtype.ts'
import type { Query } from './queries.ts'

/** The octets of a query, with id 0. Throws a RangeError where its name is none. */
export function composeQuery(query: Query): Uint8Array {
  const qname = nameFromText(query.name)
  if (qname === undefined) throw new RangeError(`Cannot ask for ${query.name}`)
  const { edns } = query
  const message = composeMessage({
    id: 0,
    response: false,
    opcode: 0,
    authoritativeAnswer: false,
    truncated: false,
    recursionDesired: query.recursionDesired,
    recursionAvailable: false,
    authenticData: query.authenticData,
    checkingDisabled: query.checkingDisabled,
    rcode: 0,
    questions: [{ qname, qtype: query.type, qclass: query.rrclass }],
    answer: [],
    authority: [],
    additional: [],
    opt: edns && {
      udpPayloadSize: edns.udpPayloadSize,
      version: 0,
      dnssecOk: edns.dnssecOk,
      options: edns.options.map(({ code, hex }) => ({ code, data: Buffer.from(hex, 'hex') })),
    },
  })
  return message
}

/** The same query as arguments of dig. */
export function digArguments(query: Query): string {
  const { edns } = query
  const flags = [
    query.recursionDesired ? '' : '+norecurse',
    query.authenticData ? '+adflag' : '+noadflag',
    query.checkingDisabled ? '+cdflag' : '',
    edns === undefined ? '+noedns' : `+bufsize=${edns.udpPayloadSize}`,
    edns?.dnssecOk === true ? '+dnssec' : '',
    ...(edns?.options ?? []).map(({ code, hex }) => `+ednsopt=${code}:${hex.slice(0, 40)}`),
    query.tcp ? '+tcp' : '+notcp +ignore',
  ]
  const rrclass = query.rrclass === 1 ? '' : `-c CLASS${query.rrclass}`
  const parts = [
    ...flags,
    rrclass,
    `-t TYPE${query.type}`,
    `-q '${query.name}'`,
    `# ${rrTypeToText(query.type)}`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}
