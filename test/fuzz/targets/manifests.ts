import { ClusterStore } from '../../../src/kubernetes/cluster-store.ts'
import { createControllers } from '../../../src/kubernetes/controllers/controllers.ts'
import { parseManifestFile } from '../../../src/kubernetes/manifests/manifest-file.ts'
import type { ManifestProblem } from '../../../src/kubernetes/manifests/manifest.ts'
import type { NamingRules } from '../../../src/kubernetes/naming-rules.ts'
import { asDomainName, lowerCase } from '../../../src/wire/name.ts'
import type { DomainName } from '../../../src/wire/name.ts'
import { RrType } from '../../../src/wire/rrtype.ts'
import { rulesOver } from '../../helpers/cluster.ts'
import { FILE_RUN_MS, insist, words } from '../target.ts'
import type { FuzzTarget } from '../target.ts'

const ASKED_TYPES = [RrType.A, RrType.AAAA, RrType.SRV, RrType.PTR, RrType.TXT, RrType.CNAME, RrType.ANY]

/** The text of a file of manifests, on its whole way: documents, objects, controllers, store, and an answer for every name. */
export const manifestsTarget: FuzzTarget = {
  name: 'manifests',
  seedForm: 'txt',
  maxOctets: 4_096,
  maxRunMs: FILE_RUN_MS,
  dictionary: [
    ...words(
      '\n---\n',
      '\n...\n',
      '- ',
      ': ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '<<: *a',
      '|\n',
      '>-\n',
      '!!binary ',
      '\t',
      '%YAML 1.2\n',
    ),
    ...words(
      'null',
      '~',
      'true',
      'on',
      '""',
      "''",
      '1e400',
      '.inf',
      '.nan',
      '0x7f',
      '2026-01-01',
      '__proto__',
      'constructor',
      '\0',
      '\xff',
    ),
    ...words(
      'kind: Service',
      'kind: List\nitems:\n',
      'kind: Endpoints',
      'kind: EndpointSlice',
      'kind: Pod',
      'kind: Namespace',
    ),
    ...words(
      'kind: Deployment',
      'kind: StatefulSet',
      'kind: Job',
      'kind: DaemonSet',
      'kind: ReplicaSet',
      'replicas: 3',
    ),
    ...words(
      'apiVersion: v1\n',
      'apiVersion: discovery.k8s.io/v1\n',
      'apiVersion: apps/v1\n',
      'metadata:\n',
      'namespace: a\n',
      'spec:\n',
    ),
    ...words(
      'clusterIP: None',
      'externalName: a.b',
      'hostname: h',
      'subdomain: s',
      'addresses: [10.0.0.1]',
      'addressType: IPv6',
      '2001:db8::1',
    ),
    ...words(
      'publishNotReadyAddresses: true',
      'ready: false',
      'targetPort: http',
      'protocol: SCTP',
      'port: 65536',
      'selector: {a: b}',
    ),
    ...words(
      'kubernetes.io/service-name: web',
      'topology.kubernetes.io/zone: z',
      'ipFamilies: [IPv6, IPv4]',
      'creationTimestamp: x',
    ),
  ],
  run: async (octets) => {
    const { manifests, problems } = await parseManifestFile('m.yaml', octets, () => undefined)
    const build = createControllers()
    const built = build(manifests)
    const again = build(manifests)
    insist(
      again.objects.length === built.objects.length,
      'the same manifests make other objects the second time',
    )
    for (const problem of [...problems, ...built.problems]) checkProblem(problem)
    const store = new ClusterStore({ nowSeconds: () => 1 })
    for (const object of built.objects) store.apply(object)
    store.markSynced()
    const names = askAll(rulesOver(store), store)
    return `${built.objects
      .map(({ kind }) => kind)
      .join()
      .slice(0, 60)} ${names} ${problems.map(({ code }) => code).join()}`
  },
}

function checkProblem({ code, message, position }: ManifestProblem): void {
  insist(/^SLICEDNS_MANIFEST_[A-Z_]+$/.test(code), `no code: ${code}`)
  insist(
    message !== '' && position.line >= 1 && position.column >= 1,
    `a problem without words or place: ${code}`,
  )
}

/** Every name that a Service gives rise to has an answer that is no NXDOMAIN; every type at it has one that does not throw. */
function askAll(rules: NamingRules, store: ClusterStore): number {
  let count = 0
  for (const namespace of store.namespaceNames()) {
    for (const entry of store.entriesIn(namespace).values()) {
      for (const name of rules.namesOf(entry)) {
        count++
        checkName(rules, name)
      }
    }
  }
  return count
}

function checkName(rules: NamingRules, name: DomainName): void {
  for (const qtype of ASKED_TYPES) {
    const answer = rules.answer({ qname: name, qtype, qclass: 1 }, lowerCase(name))
    insist(answer !== undefined, `${name} is in no zone`)
    insist(answer.kind !== 'nxdomain', `${name} is said to exist and does not for type ${qtype}`)
  }
  const why = asDomainName(`_why.${name}`)
  insist(
    rules.answer({ qname: why, qtype: RrType.TXT, qclass: 1 }, why)?.kind === 'positive',
    `${name} has no reason`,
  )
}
