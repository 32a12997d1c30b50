import { ipFromText } from '../../wire/ip-address.ts'
import { parseCidr } from '../../wire/reverse-name.ts'
import { rrClassToText } from '../../wire/rrclass.ts'
import { rrTypeToText } from '../../wire/rrtype.ts'
import type { Query } from '../../zone/responder.ts'
import { isWithin } from '../acl/acl-rules.ts'
import type { MetadataSource } from '../plugin.ts'

/** What a part of an expression comes to. */
export type Value = string | number | boolean | readonly Value[]

interface ExpressionFunction {
  readonly argumentCount: number
  readonly run: (query: Query, args: readonly Value[], metadata: MetadataSource) => Value
}

/** What an expression can ask of a query, as CoreDNS's `view` has it. */
export const FUNCTIONS: ReadonlyMap<string, ExpressionFunction> = new Map([
  ['name', of((query) => query.lowerName)],
  ['type', of((query) => rrTypeToText(query.question.qtype))],
  ['class', of((query) => rrClassToText(query.question.qclass))],
  ['client_ip', of((query) => query.client.address.replace(/%.*$/, ''))],
  ['port', of((query) => String(query.client.port))],
  ['proto', of((query) => query.client.transport)],
  ['server_ip', of((query) => query.local.address)],
  ['server_port', of((query) => String(query.local.port))],
  ['id', of((query) => query.id)],
  ['opcode', of(() => 0)],
  ['do', of((query) => query.dnssecOk)],
  ['size', of((query) => query.sizeOctets)],
  ['bufsize', of(bufsize)],
  ['metadata', { argumentCount: 1, run: (query, [label], metadata) => metadata(query, String(label)) ?? '' }],
  ['incidr', { argumentCount: 2, run: (_query, [address, cidr]) => isInCidr(String(address), String(cidr)) }],
])

function of(run: (query: Query) => Value): ExpressionFunction {
  return { argumentCount: 0, run }
}

/** The most that the client takes in one reply. */
function bufsize({ client, udpPayloadSize }: Query): number {
  return client.transport === 'tcp' ? 65_535 : Math.max(512, udpPayloadSize ?? 512)
}

function isInCidr(addressText: string, cidrText: string): boolean {
  const address = ipFromText(addressText)
  const cidr = parseCidr(cidrText)
  return address !== undefined && cidr !== undefined && isWithin(address, cidr)
}
