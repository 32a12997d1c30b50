/**
 * What a few lines around the library dns2 make of the same names: a Map from question to records, no Kubernetes.
 * Usage: node bench/plain-dns2.ts PORT FILE, where FILE holds lines `NAME TYPE RDATA…` as peers.ts writes them.
 */
import { readFileSync } from 'node:fs'
import type DNS from 'dns2'
import { Packet, createServer } from 'dns2'

const [port, file] = process.argv.slice(2)
const records = new Map<string, DNS.Packet.Resource[]>()
const names = new Set<string>()

for (const line of readFileSync(file ?? '', 'utf8').split('\n')) {
  const [name = '', type = '', ...rdata] = line.split(' ')
  if (name === '') continue
  names.add(name)
  const key = `${name} ${type === 'SRV' ? Packet.TYPE.SRV : Packet.TYPE.A}`
  records.set(key, [...(records.get(key) ?? []), recordOf(name, type, rdata)])
}

const SOA = new Packet.Resource({
  name: 'cluster.local',
  type: Packet.TYPE.SOA,
  class: Packet.CLASS.IN,
  ttl: 5,
  primary: 'ns.dns.cluster.local',
  admin: 'hostmaster.cluster.local',
  serial: 1,
  refresh: 7200,
  retry: 1800,
  expiration: 86_400,
  minimum: 5,
})

const server = createServer({
  udp: true,
  tcp: true,
  handle(request, send) {
    const response = Packet.createResponseFromRequest(request)
    const [question] = request.questions
    const name = question?.name.toLowerCase() ?? ''
    const found = records.get(`${name} ${question?.type}`)
    response.header.aa = 1
    if (found !== undefined) response.answers = found
    else {
      if (!names.has(name)) response.header.rcode = Packet.RCODE.NXDOMAIN
      response.authorities = [SOA]
    }
    void send(response)
  },
})

const listen = { port: Number(port), address: '127.0.0.1' }
await server.listen({ udp: listen, tcp: listen })

function recordOf(name: string, type: string, rdata: readonly string[]): DNS.Packet.Resource {
  const head = { name, class: Packet.CLASS.IN, ttl: 30 }
  const [first = '', weight, targetPort, target = ''] = rdata
  if (type === 'A') return new Packet.Resource({ ...head, type: Packet.TYPE.A, address: first })
  const numbers = { priority: Number(first), weight: Number(weight), port: Number(targetPort) }
  return new Packet.Resource({ ...head, type: Packet.TYPE.SRV, ...numbers, target })
}
