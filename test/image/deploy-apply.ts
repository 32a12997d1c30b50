import assert from 'node:assert/strict'
import { join } from 'node:path'

import type { ControlPlane } from '../control-plane/control-plane.ts'
import { waitFor } from '../control-plane/wait-for.ts'
import { deployObjects, podSpecOf, textAt } from '../helpers/deploy-files.ts'
import { ROOT } from '../helpers/source-tree.ts'

/** Something that must hold of deploy/ on a real API server. It fails by throwing. */
export interface DeployCase {
  readonly name: string
  readonly run: (plane: ControlPlane) => Promise<void>
}

const DEPLOY = join(ROOT, 'deploy')
const ACCOUNT = 'system:serviceaccount:kube-system:slicedns'

/** In this order: what one applies the next ones use. */
export const DEPLOY_CASES: readonly DeployCase[] = [
  {
    name: 'kubectl apply -f deploy/ is taken by the API server without a word against it, dry first',
    run: async (plane) => {
      // Unknown fields are errors, not warnings.
      const strict = ['--validate=strict', '-f', DEPLOY]
      const dry = await plane.kubectl(['apply', '--dry-run=server', ...strict])
      assert.match(dry, /^deployment\.apps\/slicedns created \(server dry run\)$/m)
      assert.match(dry, /^service\/kube-dns created \(server dry run\)$/m)
      await plane.kubectl(['apply', ...strict])
      const again = await plane.kubectl(['apply', ...strict])
      // kubectl replaces the selector of a PodDisruptionBudget whole, and says so each time.
      const changed = again.match(/^(?!poddisruptionbudget).* (?:configured|created)$/gm)
      assert.deepEqual(changed, null)
    },
  },
  {
    name: 'the Pods of the Deployment run, and are the endpoints of kube-dns',
    run: async (plane) => {
      const rollout = ['rollout', 'status', 'deployment/slicedns', '--timeout=30s']
      await plane.kubectl(['-n', 'kube-system', ...rollout])
      const slices = ['get', 'endpointslices', '-l', 'kubernetes.io/service-name=kube-dns']
      const format = 'jsonpath={.items[*].endpoints[*].targetRef.name}'
      const named = async (): Promise<string[]> =>
        (await plane.kubectl(['-n', 'kube-system', ...slices, '-o', format])).split(' ')
      await waitFor('two endpoints', async () => (await named()).length === 2)
      assert.ok((await named()).every((name) => name.startsWith('slicedns-')))
      const address = ['get', 'service', 'kube-dns', '-o', 'jsonpath={.spec.clusterIP}']
      assert.equal(await plane.kubectl(['-n', 'kube-system', ...address]), '10.96.0.10')
    },
  },
  {
    name: 'S12 the account may list and watch what is needed, and nothing else',
    run: async (plane) => {
      const may = async (verb: string, resource: string): Promise<boolean> => {
        const args = ['auth', 'can-i', verb, resource, '--as', ACCOUNT, '--all-namespaces']
        return (await plane.kubectl(args).catch(() => 'no')).startsWith('yes')
      }
      const needed = ['services', 'endpoints', 'namespaces', 'endpointslices.discovery.k8s.io']
      for (const resource of needed)
        for (const verb of ['list', 'watch']) assert.ok(await may(verb, resource), `${verb} ${resource}`)
      for (const resource of ['secrets', 'configmaps', 'pods', 'nodes'])
        assert.equal(await may('list', resource), false, resource)
      for (const verb of ['get', 'create', 'update', 'delete'])
        assert.equal(await may(verb, 'services'), false, verb)
      await plane.kubectl(['apply', '-f', join(DEPLOY, 'optional')])
      assert.ok((await may('list', 'pods')) && (await may('watch', 'pods')))
      assert.equal(await may('delete', 'pods'), false)
    },
  },
  {
    name: 'Pod Security "restricted" lets every Pod of deploy/ in, the examples too',
    run: async (plane) => {
      const namespace = 'restricted'
      const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
      await plane.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }])
      for (const each of deployObjects().filter((object) => podSpecOf(object) !== undefined)) {
        const name = `${each.name}-${each.kind.toLowerCase()}`
        // The class of system components is for kube-system alone.
        const spec = Object.assign({}, podSpecOf(each), { priorityClassName: '' })
        const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec }
        const said = await plane.kubectl(['create', '--dry-run=server', '-f', '-'], JSON.stringify(pod))
        assert.match(said, /created \(server dry run\)/, each.path)
      }
    },
  },
  {
    name: 'the examples are taken by the API server as they are',
    run: async (plane) => {
      const strict = ['--validate=strict', '-f', join(DEPLOY, 'examples')]
      const said = await plane.kubectl(['apply', ...strict])
      for (const { kind, name } of deployObjects().filter(({ path }) => path.startsWith('deploy/examples/')))
        if (kind === 'Pod') assert.match(said, new RegExp(`^pod/${name} created$`, 'm'))
    },
  },
  {
    name: 'CoreDNS of the usual Deployment is replaced by the image alone, and comes back by undo',
    run: async (plane) => {
      await plane.apply([corednsDeployment()])
      const coredns = ['-n', 'kube-system']
      const image = async (): Promise<string> => {
        const format = 'jsonpath={.spec.template.spec.containers[0].image}'
        return plane.kubectl([...coredns, 'get', 'deployment', 'coredns', '-o', format])
      }
      const before = await image()
      const slicedns = deployObjects().find(({ kind }) => kind === 'Deployment')
      const ours = textAt(slicedns?.object, 'spec.template.spec.containers.0.image')
      await plane.kubectl([...coredns, 'set', 'image', 'deployment/coredns', `coredns=${ours}`])
      await plane.kubectl([...coredns, 'rollout', 'status', 'deployment/coredns', '--timeout=30s'])
      assert.equal(await image(), ours)
      await plane.kubectl([...coredns, 'rollout', 'undo', 'deployment/coredns'])
      await plane.kubectl([...coredns, 'rollout', 'status', 'deployment/coredns', '--timeout=30s'])
      assert.equal(await image(), before)
    },
  },
]

/** What a cluster has of CoreDNS, as far as it matters to a change of the image. */
function corednsDeployment(): {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace: string }
  spec: object
} {
  const labels = { 'k8s-app': 'kube-dns', 'app.kubernetes.io/name': 'coredns' }
  const container = { name: 'coredns', image: 'coredns:v1.14.7', args: ['-conf', '/etc/coredns/Corefile'] }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'coredns', namespace: 'kube-system' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  }
}
