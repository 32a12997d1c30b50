import { ipFromText, ipToText, isIpv4 } from '../../src/wire/ip-address.ts'
import { reverseName } from '../../src/wire/reverse-name.ts'
import type { ApiObject } from '../helpers/api-object.ts'
import { addressesIn, endpointsOf, portsOf } from './api-fields.ts'
import type { GeneratedCluster, Subject } from './objects.ts'

/** A name to be asked, and what kind of name it is. */
export interface AskedName {
  readonly kind: string
  /** With its final dot. */
  readonly name: string
}

/** Names made from a Service: right ones, and wrong ones of every kind. */
export function namesOfService(
  { name: service, namespace, objects }: Subject,
  zone: string,
  { namespaces }: GeneratedCluster,
): readonly AskedName[] {
  const base = `${service}.${namespace}.svc.${zone}`
  const labels = endpointLabels(objects)
  const endpoint = labels[0] ?? '10-9-9-9'
  const ports = portsOf(objects)
  const under = (kind: string, ...relative: readonly string[]): AskedName[] =>
    relative.map((left) => ({ kind, name: `${left}.${base}` }))
  return [
    { kind: 'service', name: base },
    ...under('endpoint', ...labels),
    ...under('endpoint-missing', 'nobody', '10-9-9-9', 'fd00--9'),
    ...under('port', ...ports.map(({ name, protocol }) => `_${name}._${protocol}`)),
    ...under('port-missing', '_nosuch._tcp', '_http._sctp', '_._tcp', '_._', '_http._'),
    ...under('port-bare', ...ports.flatMap(({ name, protocol }) => bareNames(name, protocol))),
    ...under('protocol', '_tcp', '_udp', '_sctp', 'tcp'),
    ...under('port-of-endpoint', `_http._tcp.${endpoint}`),
    ...under('extra-label', `www.${endpoint}`, 'a.b', `a.b.c`, `x.${labels.at(-1) ?? 'y'}`),
    ...under('wildcard', '*', '*._tcp', '_*._tcp'),
    ...under('zonal', 'zone-a.pin._zone', 'zone-a.prefer._zone', 'zone.b.pin._zone', 'zone-c.prefer._zone'),
    ...under('zonal-above', '_zone', 'pin._zone', 'prefer._zone'),
    ...under('zonal-other', 'zone-a.near._zone', 'zone-a._zone', '_http._tcp.zone-a.pin._zone'),
    ...under('why', '_why', '_why._http._tcp', `_why.${endpoint}`),
    { kind: 'without-svc', name: `${service}.${namespace}.${zone}` },
    { kind: 'without-namespace', name: `${service}.svc.${zone}` },
    ...namespaces
      .filter((other) => other !== namespace)
      .map((other) => ({ kind: 'other-namespace', name: `${service}.${other}.svc.${zone}` })),
    { kind: 'sibling', name: `${service}x.${namespace}.svc.${zone}` },
    { kind: 'sibling', name: `${service.slice(0, -1)}.${namespace}.svc.${zone}` },
    { kind: 'under-pod', name: `${service}.${namespace}.pod.${zone}` },
  ]
}

/** Names made from a Pod's addresses, in every spelling. */
export function namesOfPod({ namespace, objects, name }: Subject, zone: string): readonly AskedName[] {
  const below = (kind: string, labels: readonly string[]): AskedName[] =>
    labels.map((label) => ({ kind, name: `${label}.${namespace}.pod.${zone}` }))
  const addresses = addressesIn(objects)
  const dashed = addresses.map((address) => address.replaceAll(/[.:]/g, '-'))
  return [
    ...below('pod', dashed),
    ...below('pod-other-spelling', addresses.flatMap(otherSpellings)),
    ...below('pod-missing', ['10-9-9-9', 'fd00--9', '1-2-3', '256-1-1-1', '010-1-1-1', 'web', name]),
    ...below(
      'pod-extra-label',
      dashed.flatMap((label) => [`x.${label}`, `x.y.${label}`, `x.y.z.${label}`]),
    ),
    { kind: 'pod-elsewhere', name: `${dashed[0]}.nowhere.pod.${zone}` },
    { kind: 'pod-elsewhere', name: `${dashed[0]}.hidden.pod.${zone}` },
    { kind: 'pod-below-svc', name: `${dashed[0]}.${namespace}.svc.${zone}` },
    { kind: 'pod-by-name', name: `${name}.${namespace}.svc.${zone}` },
  ]
}

/** Reverse names of all addresses of a subject, of their neighbours, and forms that are none. */
export function reverseNames({ objects }: Subject): readonly AskedName[] {
  return addressesIn(objects)
    .slice(0, 8)
    .flatMap((text) => {
      const address = ipFromText(text)
      if (address === undefined) return []
      const name: string = reverseName(address)
      const parent = name.slice(name.indexOf('.') + 1)
      const neighbour = isIpv4(address) ? address + 1 : address + 1n
      return [
        { kind: 'reverse', name },
        { kind: 'reverse-neighbour', name: reverseName(neighbour) },
        { kind: 'reverse-above', name: parent },
        { kind: 'reverse-above', name: parent.slice(parent.indexOf('.') + 1) },
        { kind: 'reverse-malformed', name: `x.${name}` },
        { kind: 'reverse-malformed', name: isIpv4(address) ? `0${name}` : `0.${name}` },
        { kind: 'reverse-malformed', name: `g.${parent}` },
      ]
    })
}

/** Labels that endpoints may go by: hostname, Pod's name, dashed address. */
function endpointLabels(objects: readonly ApiObject[]): readonly string[] {
  const labels = endpointsOf(objects).flatMap(({ hostname, podName, addresses }) =>
    [hostname, podName].concat(addresses.map(dashedLabel)),
  )
  return labels.filter((label) => label !== '' && label.length <= 63)
}

function dashedLabel(address: string): string {
  const label = address.replaceAll(/[.:]/g, '-')
  return label.endsWith('-') ? `${label}0` : label
}

/** `http._tcp`, `_http.tcp`, `http.tcp`: spellings with an underscore missing. */
function bareNames(name: string, protocol: string): readonly string[] {
  return [`${name}._${protocol}`, `_${name}.${protocol}`, `${name}.${protocol}`].filter(
    (text) => !text.startsWith('.'),
  )
}

function otherSpellings(text: string): readonly string[] {
  const address = ipFromText(text)
  if (address === undefined) return []
  if (isIpv4(address)) {
    const [first, ...others] = text.split('.')
    return [
      `${first}-${others.map((octet) => octet.padStart(3, '0')).join('-')}`,
      `--ffff-${text.replaceAll('.', '-')}`,
    ]
  }
  const groups = ipToText(address)
    .split('::')
    .map((half) => half.split(':').filter(Boolean))
  const [left = [], right = []] = groups
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  const whole = [...left, ...zeros, ...right]
  return [whole.join('-'), whole.map((group) => group.padStart(4, '0')).join('-')]
}
