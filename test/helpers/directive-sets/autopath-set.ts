import { questionsOf } from '../../plugins/differences-from-coredns.ts'
import type { ApiObject } from '../api-object.ts'
import type { DirectiveSet } from './directive-set.ts'

/** The client of these tests is a Pod in `shop`. */
const OBJECTS: readonly ApiObject[] = [
  ...['shop', 'db'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'client', namespace: 'shop' },
    status: { phase: 'Running', podIP: '127.0.0.1', podIPs: [{ ip: '127.0.0.1' }] },
  },
  ...[
    ['shop', 'web', '10.96.0.1'],
    ['db', 'pg', '10.96.0.2'],
  ].map(([namespace = '', name = '', clusterIP = '']) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { type: 'ClusterIP', clusterIP, clusterIPs: [clusterIP], ports: [{ port: 80, protocol: 'TCP' }] },
  })),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'alias', namespace: 'shop' },
    spec: { type: 'ExternalName', externalName: 'www.example.com' },
  },
]
const QUESTIONS = questionsOf(
  [
    'web.shop.svc.cluster.local.',
    'web.SHOP.svc.cluster.local.',
    'pg.db.shop.svc.cluster.local.',
    'pg.db.svc.shop.svc.cluster.local.',
    'web.shop.svc.cluster.local.shop.svc.cluster.local.',
    'www.example.com.shop.svc.cluster.local.',
    'Www.Example.com.shop.svc.cluster.local.',
    'none.example.com.shop.svc.cluster.local.',
    'none.shop.svc.cluster.local.',
    'pg.db.svc.cluster.local.',
    'pg.other.svc.cluster.local.',
    'cluster.local.',
    'www.example.com.',
    'none.shop.svc.cluster.test.',
  ],
  ['A', 'AAAA'],
)

/** `OBJECTS` in the directives stands where `kubernetes` says where the objects are. */
export const AUTOPATH_SET: DirectiveSet & { readonly objects: readonly ApiObject[] } = {
  objects: OBJECTS,
  directives: `autopath @kubernetes
       kubernetes cluster.local {
         OBJECTS
         pods verified
       }
       template IN A www.example.com {
         answer "{{ .Name }} 60 IN A 10.0.0.1"
       }
       template IN AAAA www.example.com {
         answer "{{ .Name }} 60 IN AAAA fd00::1"
       }
       template ANY ANY {
         rcode NXDOMAIN
         authority ". 60 IN SOA a. b. 1 2 3 4 5"
       }`,
  questions: QUESTIONS,
}
