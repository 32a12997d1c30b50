import { questionsOf } from '../../plugins/differences-from-coredns.ts'
import type { ApiObject } from '../api-object.ts'
import type { DirectiveSet } from './directive-set.ts'

/** A Service as the API has it. */
const manifest = (name: string, spec: object, status: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec,
  status,
})

const ports = [
  { name: 'http', port: 80, protocol: 'TCP' },
  { name: 'dns', port: 53, protocol: 'UDP' },
]
/** Services with external addresses, with none, and a headless one. */
export const EXTERNAL_OBJECTS: readonly ApiObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  manifest('web', {
    type: 'ClusterIP',
    clusterIP: '10.96.0.1',
    clusterIPs: ['10.96.0.1'],
    externalIPs: ['192.0.2.1', '2001:db8::1'],
    ports,
  }),
  manifest(
    'lb',
    { type: 'LoadBalancer', clusterIP: '10.96.0.2', clusterIPs: ['10.96.0.2'], ports: ports.slice(0, 1) },
    { loadBalancer: { ingress: [{ ip: '192.0.2.2' }, { ip: '192.0.2.3' }] } },
  ),
  manifest('inner', { type: 'ClusterIP', clusterIP: '10.96.0.3', clusterIPs: ['10.96.0.3'], ports }),
  manifest('db', { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'], ports: ports.slice(0, 1) }),
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'db-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'db' } },
    addressType: 'IPv4',
    ports: ports.slice(0, 1),
    endpoints: [
      { addresses: ['10.1.0.1'], hostname: 'db-0', conditions: { ready: true } },
      { addresses: ['10.1.0.2'], conditions: { ready: true } },
    ],
  },
]
const QUESTIONS = questionsOf(
  [
    ...['web', 'lb', 'inner', 'db', 'none'].map((name) => `${name}.shop.example.org.`),
    ...['web', 'lb', 'inner', 'none'].map((name) => `_http._tcp.${name}.shop.example.org.`),
    ...['db-0', '10-1-0-2', 'none'].map((name) => `${name}.db.shop.example.org.`),
    'shop.example.org.',
    'none.example.org.',
    'x.y.z.web.shop.example.org.',
    'dns.example.org.',
    'ns2.dns.example.org.',
    'a.ns1.dns.example.org.',
  ],
  ['A', 'AAAA', 'SRV', 'TXT'],
)
const REVERSE = questionsOf(['1.2.0.192.in-addr.arpa.', '3.2.0.192.in-addr.arpa.'], ['PTR'])

/** With each of its properties. `OBJECTS` stands where `kubernetes` says where the objects are. */
export const EXTERNAL_SETS: readonly DirectiveSet[] = ['', 'headless', 'ttl 30'].map((property) => ({
  directives: `kubernetes cluster.local {\n OBJECTS\n}\nk8s_external example.org {\n ${property}\n}`,
  questions: [...QUESTIONS, ...REVERSE],
}))
