/** The objects that the examples of the DNS specification speak of, and what its clauses need beside them. */
export const SPEC_OBJECTS: readonly unknown[] = [
  service('kubernetes', {
    clusterIPs: ['10.3.0.1', '2001:db8::1'],
    ipFamilyPolicy: 'RequireDualStack',
    ports: [
      { name: 'https', port: 443 },
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns', port: 53, protocol: 'TCP' },
      { name: 'diameter', port: 3868, protocol: 'SCTP' },
    ],
  }),
  service('v4', { clusterIP: '10.3.0.4', ports: [{ name: 'http', port: 80 }] }),
  service('v6', { clusterIP: '2001:db8::6', ipFamilies: ['IPv6'], ports: [{ name: 'http', port: 80 }] }),
  service('unnamed', { clusterIP: '10.3.0.5', ports: [{ port: 80 }] }),

  service('headless', {
    clusterIP: 'None',
    ipFamilyPolicy: 'RequireDualStack',
    ports: [
      { name: 'https', port: 443, targetPort: 8443 },
      { name: 'metrics', port: 9090 },
      { name: 'gossip', port: 7946, protocol: 'UDP' },
    ],
  }),
  headlessSlice('IPv4', [
    { addresses: ['10.3.0.100'], hostname: 'my-pet' },
    { addresses: ['10.3.0.101'], hostname: 'my-pet-2', conditions: { ready: true } },
    { addresses: ['10.3.0.102'] },
    { addresses: ['10.3.0.199'], hostname: 'not-ready', conditions: { ready: false } },
  ]),
  headlessSlice('IPv6', [
    { addresses: ['2001:db8::100'], hostname: 'my-pet' },
    { addresses: ['2001:db8::101'], hostname: 'my-pet-2', conditions: { ready: true } },
    { addresses: ['2001:db8::102'] },
    { addresses: ['2001:db8::199'], hostname: 'not-ready', conditions: { ready: false } },
  ]),

  service('unready', { clusterIP: 'None', ports: [{ name: 'http', port: 80 }] }),
  slice('unready', 'IPv4', {
    ports: [{ name: 'http', port: 80 }],
    endpoints: [{ addresses: ['10.3.4.1'], conditions: { ready: false } }],
  }),
  service('all', { clusterIP: 'None', publishNotReadyAddresses: true, ports: [{ name: 'http', port: 80 }] }),
  slice('all', 'IPv4', {
    ports: [{ name: 'http', port: 80 }],
    endpoints: [{ addresses: ['10.3.2.1'] }, { addresses: ['10.3.2.2'], conditions: { ready: false } }],
  }),
  service('shared', { clusterIP: 'None', ipFamilyPolicy: 'RequireDualStack', ports: [{ port: 80 }] }),
  slice('shared', 'IPv4', {
    ports: [{ port: 80 }],
    endpoints: ['10.3.3.1', '10.3.3.2'].map((address) => ({ addresses: [address], hostname: 'twins' })),
  }),
  slice('shared', 'IPv6', {
    ports: [{ port: 80 }],
    endpoints: ['2001:db8:3::1', '2001:db8:3::2'].map((address) => ({
      addresses: [address],
      hostname: 'twins',
    })),
  }),

  service('subsets', { clusterIP: 'None', ports: [{ port: 80, targetPort: 8080 }] }),
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'subsets' },
    subsets: [
      { addresses: [{ ip: '10.3.1.1' }], notReadyAddresses: [{ ip: '10.3.1.2' }], ports: [{ port: 8080 }] },
    ],
  },
  service('foo', { type: 'ExternalName', externalName: 'www.example.com' }),
]

function service(name: string, spec: Readonly<Record<string, unknown>>): unknown {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec }
}

function headlessSlice(addressType: 'IPv4' | 'IPv6', endpoints: readonly unknown[]): unknown {
  const ports = [
    { name: 'https', port: 8443 },
    { name: 'metrics', port: 9090 },
    { name: 'gossip', port: 7946, protocol: 'UDP' },
  ]
  return slice('headless', addressType, { ports, endpoints })
}

function slice(
  serviceName: string,
  addressType: 'IPv4' | 'IPv6',
  content: { readonly ports: readonly unknown[]; readonly endpoints: readonly unknown[] },
): unknown {
  const name = `${serviceName}-${addressType.toLowerCase()}`
  const labels = { 'kubernetes.io/service-name': serviceName }
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'default', labels },
    addressType,
    ...content,
  }
}
