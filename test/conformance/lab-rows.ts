import type { LabAddresses } from '../helpers/lab-objects.ts'

/** One lab: what is asked of the folder that `npm start` serves, and what must come back. */
export interface LabRow {
  readonly lab: string
  readonly claims: readonly LabClaim[]
}

/** Claim, question, and the answer as `DnsClient.outcome` gives it. */
export type LabClaim = readonly [claim: string, question: string, answer: readonly string[]]

/** Namespaces of the labs, each with its part of the cluster domain. */
const DEFAULT = 'default.svc.cluster.local.'
const NODEPORT = 'lab-nodeport.svc.cluster.local.'
const OUTSIDE = 'lab-outside.svc.cluster.local.'
const LOADBALANCER = 'lab-loadbalancer.svc.cluster.local.'
const SLICE = 'lab-slice.svc.cluster.local.'
const STATES = 'lab-states.svc.cluster.local.'
const FAMILIES = 'lab-families.svc.cluster.local.'
const MIRRORING = 'lab-mirroring.svc.cluster.local.'
const OWNERSHIP = 'lab-ownership.svc.cluster.local.'

/** The labs whose objects stand still, row by row. Addresses that the files leave open come from `addressOf`. */
export function labRows(addressOf: LabAddresses): readonly LabRow[] {
  return [
    clusterIP(addressOf),
    headless(addressOf),
    headlessWithoutHostname(),
    endpointsMadeForYou(addressOf),
    endpointsByHand(addressOf),
    endpointsToTheOutside(addressOf),
    externalName(),
    nodePort(addressOf),
    nodePortToTheOutside(addressOf),
    loadBalancer(),
    endpointSliceByHand(addressOf),
    sliceStates(),
    sliceFamilies(),
    mirroring(),
    ownership(),
  ]
}

/** The dashed form of an address that endpoint names have, and its reverse name. IPv4 only. */
export function dashed(address: string): string {
  return address.replaceAll('.', '-')
}

export function reverse(address: string): string {
  return `${address.split('.').toReversed().join('.')}.in-addr.arpa.`
}

function clusterIP(addressOf: LabAddresses): LabRow {
  const own = `clusterip1.${DEFAULT}`
  const address = addressOf('Service default/clusterip1')
  const pod = addressOf('Pod default/pod1')
  return {
    lab: 'ClusterIP',
    claims: [
      ['A is the cluster IP', `${own} A`, [`${own} 5 IN A ${address}`]],
      ['AAAA is NODATA', `${own} AAAA`, ['NODATA']],
      ['the unnamed port is in SRV at the bare name', `${own} SRV`, [`${own} 5 IN SRV 0 100 80 ${own}`]],
      ['an unnamed port makes no name', `_tcp.${own} SRV`, ['NXDOMAIN']],
      ['PTR of the cluster IP', `${reverse(address)} PTR`, [`${reverse(address)} 5 IN PTR ${own}`]],
      ['its endpoint has a name below it', `${dashed(pod)}.${own}`, [`${dashed(pod)}.${own} 5 IN A ${pod}`]],
      ['the Pod’s name is no name below it', `pod1.${own}`, ['NXDOMAIN']],
      [
        'a Pod without the label is no endpoint',
        `${dashed(addressOf('Pod default/request-pod'))}.${own}`,
        ['NXDOMAIN'],
      ],
      ['a Service that is not there is NXDOMAIN', `clusterip2.${DEFAULT}`, ['NXDOMAIN']],
      ['a namespace that is not there is NXDOMAIN', 'clusterip1.defualt.svc.cluster.local.', ['NXDOMAIN']],
    ],
  }
}

function headless(addressOf: LabAddresses): LabRow {
  const own = `headless1.${DEFAULT}`
  const [podA, podB] = [`pod-a.${own}`, `pod-b.${own}`]
  const [addressA, addressB] = [addressOf('Pod default/pod4'), addressOf('Pod default/pod5')]
  return {
    lab: 'Headless',
    claims: [
      ['A is both Pods', `${own} A`, [`${own} 5 IN A ${addressA}`, `${own} 5 IN A ${addressB}`].toSorted()],
      ['AAAA is NODATA', `${own} AAAA`, ['NODATA']],
      ['pod-a has its own name', `${podA} A`, [`${podA} 5 IN A ${addressA}`]],
      ['pod-b has its own name', `${podB} A`, [`${podB} 5 IN A ${addressB}`]],
      ['PTR of pod-a', `${reverse(addressA)} PTR`, [`${reverse(addressA)} 5 IN PTR ${podA}`]],
      ['PTR of pod-b', `${reverse(addressB)} PTR`, [`${reverse(addressB)} 5 IN PTR ${podB}`]],
      [
        'SRV leads to the Pods, on the target port',
        `${own} SRV`,
        [`${own} 5 IN SRV 0 50 8080 ${podA}`, `${own} 5 IN SRV 0 50 8080 ${podB}`],
      ],
      ['a hostname is the only name of its Pod', `${dashed(addressA)}.${own}`, ['NXDOMAIN']],
      ['the Pod’s metadata.name is none', `pod4.${own}`, ['NXDOMAIN']],
      ['a hostname that no Pod has is NXDOMAIN', `pod-c.${own}`, ['NXDOMAIN']],
    ],
  }
}

function headlessWithoutHostname(): LabRow {
  const own = `headless2.${DEFAULT}`
  const endpoint = `10-128-7-6.${own}`
  return {
    lab: 'Headless, no hostname',
    claims: [
      ['A is the Pod', `${own} A`, [`${own} 5 IN A 10.128.7.6`]],
      ['the dashed address is the Pod’s name', `${endpoint} A`, [`${endpoint} 5 IN A 10.128.7.6`]],
      ['PTR leads to it', '6.7.128.10.in-addr.arpa. PTR', [`6.7.128.10.in-addr.arpa. 5 IN PTR ${endpoint}`]],
      ['SRV leads to it', `${own} SRV`, [`${own} 5 IN SRV 0 100 8080 ${endpoint}`]],
      ['the Pod’s metadata.name is no name', `pod6.${own}`, ['NXDOMAIN']],
    ],
  }
}

function endpointsMadeForYou(addressOf: LabAddresses): LabRow {
  const own = `endpoint1.${DEFAULT}`
  const pod = addressOf('Pod default/pod7')
  const endpoint = `${dashed(pod)}.${own}`
  return {
    lab: 'Endpoints made for you',
    claims: [
      ['A is the cluster IP', `${own} A`, [`${own} 5 IN A ${addressOf('Service default/endpoint1')}`]],
      ['the Pod is its endpoint', `${endpoint} A`, [`${endpoint} 5 IN A ${pod}`]],
      [
        'SRV of the endpoint has the target port',
        `${endpoint} SRV`,
        [`${endpoint} 5 IN SRV 0 100 8080 ${endpoint}`],
      ],
      ['SRV of the Service has its port', `${own} SRV`, [`${own} 5 IN SRV 0 100 8080 ${own}`]],
      ['PTR of the Pod', `${reverse(pod)} PTR`, [`${reverse(pod)} 5 IN PTR ${endpoint}`]],
    ],
  }
}

function endpointsByHand(addressOf: LabAddresses): LabRow {
  const own = `endpoint2.${DEFAULT}`
  const endpoint = `10-128-7-9.${own}`
  return {
    lab: 'Endpoints by hand',
    claims: [
      ['A is the cluster IP', `${own} A`, [`${own} 5 IN A ${addressOf('Service default/endpoint2')}`]],
      ['the endpoint has a name below it', `${endpoint} A`, [`${endpoint} 5 IN A 10.128.7.9`]],
      ['SRV of the endpoint', `${endpoint} SRV`, [`${endpoint} 5 IN SRV 0 100 8080 ${endpoint}`]],
      ['PTR leads to it', '9.7.128.10.in-addr.arpa. PTR', [`9.7.128.10.in-addr.arpa. 5 IN PTR ${endpoint}`]],
    ],
  }
}

function endpointsToTheOutside(addressOf: LabAddresses): LabRow {
  const own = `endpoint3.${DEFAULT}`
  const endpoint = `185-199-110-153.${own}`
  const reversed = '153.110.199.185.in-addr.arpa.'
  return {
    lab: 'Endpoints to the outside',
    claims: [
      ['A is the cluster IP', `${own} A`, [`${own} 5 IN A ${addressOf('Service default/endpoint3')}`]],
      ['the address outside has a name below it', `${endpoint} A`, [`${endpoint} 5 IN A 185.199.110.153`]],
      ['PTR of the address outside', `${reversed} PTR`, [`${reversed} 5 IN PTR ${endpoint}`]],
    ],
  }
}

function externalName(): LabRow {
  const own = `externalname1.${DEFAULT}`
  const alias = [`${own} 5 IN CNAME github.github.io.`]
  return {
    lab: 'ExternalName, no upstream',
    claims: [
      ['A is the CNAME alone', `${own} A`, alias],
      ['AAAA is the CNAME alone', `${own} AAAA`, alias],
      ['CNAME is the CNAME', `${own} CNAME`, alias],
      ['nothing is below it', `_http._tcp.${own} SRV`, ['NXDOMAIN']],
    ],
  }
}

function nodePort(addressOf: LabAddresses): LabRow {
  const own = `my-service.${NODEPORT}`
  const pod = addressOf('Pod lab-nodeport/web')
  return {
    lab: 'NodePort',
    claims: [
      ['A is the cluster IP', `${own} A`, [`${own} 5 IN A ${addressOf('Service lab-nodeport/my-service')}`]],
      ['SRV of the named port', `_http._tcp.${own} SRV`, [`_http._tcp.${own} 5 IN SRV 0 100 80 ${own}`]],
      ['the node port is in no SRV', `${own} SRV`, [`${own} 5 IN SRV 0 100 80 ${own}`]],
      ['a port’s name holds no address', `_http._tcp.${own} A`, ['NODATA']],
      ['what is above a port’s name exists', `_tcp.${own} A`, ['NODATA']],
      ['a port that it does not have', `_https._tcp.${own} SRV`, ['NXDOMAIN']],
      ['a protocol that it does not have', `_http._udp.${own} SRV`, ['NXDOMAIN']],
      ['its one endpoint', `${dashed(pod)}.${own}`, [`${dashed(pod)}.${own} 5 IN A ${pod}`]],
    ],
  }
}

function nodePortToTheOutside(addressOf: LabAddresses): LabRow {
  const own = `my-service.${OUTSIDE}`
  const endpoint = `52-78-168-73.${own}`
  const reversed = '73.168.78.52.in-addr.arpa.'
  return {
    lab: 'NodePort to the outside',
    claims: [
      ['A is the cluster IP', `${own} A`, [`${own} 5 IN A ${addressOf('Service lab-outside/my-service')}`]],
      ['SRV of the named port', `_http._tcp.${own} SRV`, [`_http._tcp.${own} 5 IN SRV 0 100 80 ${own}`]],
      ['the address outside has a name below it', `${endpoint} A`, [`${endpoint} 5 IN A 52.78.168.73`]],
      ['SRV of the endpoint', `${endpoint} SRV`, [`${endpoint} 5 IN SRV 0 100 80 ${endpoint}`]],
      ['PTR of the address outside', `${reversed} PTR`, [`${reversed} 5 IN PTR ${endpoint}`]],
    ],
  }
}

function loadBalancer(): LabRow {
  const own = `my-service.${LOADBALANCER}`
  return {
    lab: 'LoadBalancer',
    claims: [
      ['A is the cluster IP only', `${own} A`, [`${own} 5 IN A 10.96.70.7`]],
      ['SRV of the named port', `_http._tcp.${own} SRV`, [`_http._tcp.${own} 5 IN SRV 0 100 80 ${own}`]],
      ['PTR of the cluster IP', '7.70.96.10.in-addr.arpa. PTR', [`7.70.96.10.in-addr.arpa. 5 IN PTR ${own}`]],
      ['no name below it for the ingress address', `203-0-113-7.${own}`, ['NXDOMAIN']],
      // Reverse zones fall through, and nothing is behind: so it is for an address that is not the cluster's.
      ['the ingress address has no PTR', '7.113.0.203.in-addr.arpa. PTR', ['SERVFAIL']],
      ['the external address has no PTR', '80.113.0.203.in-addr.arpa. PTR', ['SERVFAIL']],
    ],
  }
}

function endpointSliceByHand(addressOf: LabAddresses): LabRow {
  const own = `my-service.${SLICE}`
  const bare = `my-headless.${SLICE}`
  const first = `10-1-2-3.${bare}`
  const second = `10-4-5-6.${bare}`
  return {
    lab: 'EndpointSlice by hand',
    claims: [
      ['A is the cluster IP', `${own} A`, [`${own} 5 IN A ${addressOf('Service lab-slice/my-service')}`]],
      ['SRV of the Service has its own port', `${own} SRV`, [`${own} 5 IN SRV 0 100 80 ${own}`]],
      ['an endpoint has a name below it', `10-4-5-6.${own}`, [`10-4-5-6.${own} 5 IN A 10.4.5.6`]],
      ['headless: both addresses', `${bare} A`, [`${bare} 5 IN A 10.1.2.3`, `${bare} 5 IN A 10.4.5.6`]],
      [
        'headless: bare SRV has the slice’s port',
        `${bare} SRV`,
        [`${bare} 5 IN SRV 0 50 9376 ${first}`, `${bare} 5 IN SRV 0 50 9376 ${second}`],
      ],
      ['headless: the unnamed port makes no name', `_tcp.${bare} SRV`, ['NXDOMAIN']],
      [
        'PTR of an address that two Services hold: both',
        '3.2.1.10.in-addr.arpa. PTR',
        [
          `3.2.1.10.in-addr.arpa. 5 IN PTR ${first}`,
          `3.2.1.10.in-addr.arpa. 5 IN PTR 10-1-2-3.${own}`,
        ].toSorted(),
      ],
    ],
  }
}

function sliceStates(): LabRow {
  const [states, all, none] = [`states.${STATES}`, `states-all.${STATES}`, `states-none.${STATES}`]
  return {
    lab: 'Slice states',
    claims: [
      [
        'ready ones count, and those that say nothing',
        `${states} A`,
        [`${states} 5 IN A 10.9.0.1`, `${states} 5 IN A 10.9.0.4`],
      ],
      ['one that is not ready has no name', `10-9-0-2.${states}`, ['NXDOMAIN']],
      ['one that serves while it terminates has none either', `10-9-0-3.${states}`, ['NXDOMAIN']],
      [
        'SRV leads to the ready ones',
        `_http._tcp.${states} SRV`,
        ['10-9-0-1', '10-9-0-4'].map((label) => `_http._tcp.${states} 5 IN SRV 0 50 80 ${label}.${states}`),
      ],
      [
        'publishNotReadyAddresses: all of them',
        `${all} A`,
        [`${all} 5 IN A 10.9.1.1`, `${all} 5 IN A 10.9.1.2`],
      ],
      ['publishNotReadyAddresses: names too', `10-9-1-2.${all}`, [`10-9-1-2.${all} 5 IN A 10.9.1.2`]],
      ['no ready endpoint: the name does not exist', `${none} A`, ['NXDOMAIN']],
      ['no ready endpoint: nothing below it either', `_http._tcp.${none} SRV`, ['NXDOMAIN']],
      [
        '`_why` says so',
        `_why.${none} TXT`,
        [
          `_why.${none} 5 IN TXT "service \\"states-none\\" is headless and has no ready endpoint (1 not ready)" ` +
            '"Endpoints that are not ready: 10-9-2-1."',
        ],
      ],
    ],
  }
}

function sliceFamilies(): LabRow {
  const own = `families.${FAMILIES}`
  const alias = `families-fqdn.${FAMILIES}`
  const [v4, v6] = [`10-10-0-1.${own}`, `fd00-10-10--1.${own}`]
  const reversed = `1.${'0.'.repeat(19)}0.1.0.0.0.1.0.0.0.0.d.f.ip6.arpa.`
  return {
    lab: 'Slice families',
    claims: [
      ['A is the IPv4 slice', `${own} A`, [`${own} 5 IN A 10.10.0.1`]],
      ['AAAA is the IPv6 slice', `${own} AAAA`, [`${own} 5 IN AAAA fd00:10:10::1`]],
      ['the IPv6 endpoint has its name', `${v6} AAAA`, [`${v6} 5 IN AAAA fd00:10:10::1`]],
      ['the IPv6 endpoint has no A', `${v6} A`, ['NODATA']],
      [
        'SRV leads to both',
        `_http._tcp.${own} SRV`,
        [v4, v6].map((target) => `_http._tcp.${own} 5 IN SRV 0 50 80 ${target}`),
      ],
      ['PTR of the IPv6 address', `${reversed} PTR`, [`${reversed} 5 IN PTR ${v6}`]],
      ['addresses win over host names beside them', `${own} CNAME`, ['NODATA']],
      ['host names alone are a CNAME', `${alias} CNAME`, [`${alias} 5 IN CNAME www.example.org.`]],
      ['asked for A, the CNAME leads the answer', `${alias} A`, [`${alias} 5 IN CNAME www.example.org.`]],
    ],
  }
}

function mirroring(): LabRow {
  const own = `mirrored.${MIRRORING}`
  return {
    lab: 'Mirroring',
    claims: [
      ['ready addresses are mirrored', `${own} A`, [`${own} 5 IN A 10.12.0.1`, `${own} 5 IN A 10.12.0.2`]],
      ['a hostname is kept', `first.${own}`, [`first.${own} 5 IN A 10.12.0.1`]],
      ['notReadyAddresses are not ready', `10-12-0-3.${own}`, ['NXDOMAIN']],
      ['not mirrored: label skip-mirror', `skipped.${MIRRORING}`, ['NXDOMAIN']],
      ['not mirrored: leader election', `leader.${MIRRORING}`, ['NXDOMAIN']],
      ['not mirrored: no Service', `orphan.${MIRRORING}`, ['NXDOMAIN']],
      ['not mirrored: Service with selector', `selected.${MIRRORING}`, ['NXDOMAIN']],
    ],
  }
}

function ownership(): LabRow {
  const own = `owned.${OWNERSHIP}`
  const addresses = ['10.13.0.1', '10.13.0.2', '10.13.0.3']
  return {
    lab: 'Ownership',
    claims: [
      [
        'slices of all managers, each address once',
        `${own} A`,
        addresses.map((address) => `${own} 5 IN A ${address}`),
      ],
      [
        'SRV once for each endpoint',
        `_http._tcp.${own} SRV`,
        addresses.map((address) => `_http._tcp.${own} 5 IN SRV 0 33 80 ${dashed(address)}.${own}`),
      ],
    ],
  }
}
