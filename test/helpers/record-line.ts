import { Packet } from 'dns2'

type Resource = Packet['answers'][number]

/** A record that dns2 has read, as a line of a zone file (RFC 1035 5.1): `web.shop.svc.cluster.local. 5 IN A 10.96.0.1`. */
export function recordLine(record: Resource): string {
  const rrclass = record.class === Packet.CLASS.IN ? 'IN' : `CLASS${record.class}`
  return [absolute(record.name), record.ttl, rrclass, Packet.typeName(record.type), dataOf(record)].join(' ')
}

function dataOf(record: Resource): string {
  const { TYPE } = Packet
  switch (record.type) {
    case TYPE.A:
    case TYPE.AAAA:
      return record.address ?? ''
    case TYPE.NS:
      return absolute(record.ns)
    case TYPE.CNAME:
    case TYPE.PTR:
      return absolute(record.domain)
    case TYPE.SRV:
      return [record.priority, record.weight, record.port, absolute(record.target)].join(' ')
    case TYPE.SOA: {
      const { primary, admin, serial, refresh, retry, expiration, minimum } = record
      return [absolute(primary), absolute(admin), serial, refresh, retry, expiration, minimum].join(' ')
    }
    case TYPE.TXT:
      return [record.data ?? []].flat().map(quoted).join(' ')
    default:
      throw new RangeError(`Cannot write a record of type ${Packet.typeName(record.type)} as a line`)
  }
}

function quoted(string: string | Buffer): string {
  return `"${String(string).replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

/** dns2 leaves the final dot away. */
function absolute(name: string | undefined): string {
  return `${name ?? ''}.`
}
