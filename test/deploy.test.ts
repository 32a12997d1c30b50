import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'

import { IMAGE_OPTIONS } from '../bench/servers.ts'
import { corefileFromText } from '../src/cli/read-corefile.ts'
import type { ServerBlock } from '../src/config/corefile.ts'
import { startServer } from '../src/index.ts'
import * as resources from '../src/kubernetes/api/api-resource.ts'
import { PLUGINS } from '../src/plugins/order.ts'
import type { DeployObject } from './helpers/deploy-files.ts'
import {
  at,
  containersOf,
  deployObjects,
  isApplied,
  listAt,
  podSpecOf,
  textAt,
  textsAt,
} from './helpers/deploy-files.ts'
import { dnsClient } from './helpers/dns-client.ts'
import { readTree, ROOT } from './helpers/source-tree.ts'
import { tempFolder } from './helpers/temp-folder.ts'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const objects = deployObjects()
const withPods = objects.filter((each) => podSpecOf(each) !== undefined)
const isOurs = (container: unknown) => textAt(container, 'image').startsWith('slicedns:')

function find(kind: string, name: string): DeployObject {
  const found = objects.find((each) => each.kind === kind && each.name === name)
  if (found === undefined) throw new Error(`deploy/ has no ${kind} ${name}`)
  return found
}

describe('deploy/', () => {
  test('every document is an object with kind, name and API version, and none stands there twice', () => {
    expect(objects.length).toBeGreaterThan(10)
    for (const { path, kind, name, object } of objects)
      expect([path, kind !== '', name !== '', textAt(object, 'apiVersion') !== '']).toEqual([
        path,
        true,
        true,
        true,
      ])
    const names = objects.map(({ kind, name, object }) => [kind, textAt(object, 'metadata.namespace'), name])
    expect(new Set(names.map(String)).size).toBe(objects.length)
  })

  test('kubectl apply makes what a cluster needs, the optional parts and the examples left out', () => {
    const kinds = objects.filter(isApplied).map(({ kind }) => kind)
    expect(kinds.toSorted()).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'ConfigMap',
      'Deployment',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ])
  })

  test('what a selector asks for is what the Pods of the Deployment carry', () => {
    const labels = textsAt(find('Deployment', 'slicedns').object, 'spec.template.metadata.labels')
    const selectors = [
      textsAt(find('Deployment', 'slicedns').object, 'spec.selector.matchLabels'),
      textsAt(find('PodDisruptionBudget', 'slicedns').object, 'spec.selector.matchLabels'),
      textsAt(find('Service', 'kube-dns').object, 'spec.selector'),
    ]
    for (const selector of selectors) {
      expect(selector.size).toBeGreaterThan(0)
      expect([...labels]).toEqual(expect.arrayContaining([...selector]))
    }
  })

  test('volumes name ConfigMaps that are there, and keys that they have', () => {
    const volumes = withPods.flatMap((each) => listAt(podSpecOf(each), 'volumes'))
    expect(volumes.length).toBe(withPods.length)
    for (const volume of volumes) {
      const data = textsAt(find('ConfigMap', textAt(volume, 'configMap.name')).object, 'data')
      for (const item of listAt(volume, 'configMap.items'))
        expect([...data.keys()]).toContain(textAt(item, 'key'))
    }
  })
})

/** The resources that a ClusterRole names, behind their group. */
const granted = (name: string) =>
  listAt(find('ClusterRole', name).object, 'rules').flatMap((rule) =>
    listAt(rule, 'apiGroups').flatMap((group) =>
      listAt(rule, 'resources').map((plural) => `${String(group)}/${String(plural)}`),
    ),
  )

describe('rights', () => {
  const asked = Object.values(resources)
    .filter((resource) => typeof resource === 'object')
    .map(({ groupPath, plural }) => `${/^\/apis\/([^/]+)/.exec(groupPath)?.[1] ?? ''}/${plural}`)

  test('are those to what is read from the API server, that to Pods by itself', () => {
    expect(granted('slicedns-pods')).toEqual(['/pods'])
    expect([...granted('slicedns'), ...granted('slicedns-pods')].toSorted()).toEqual(asked.toSorted())
  })

  test('are to list and to watch', () => {
    const roles = objects.filter(({ kind }) => kind.endsWith('Role'))
    expect(roles.length).toBe(2)
    for (const rule of roles.flatMap(({ object }) => listAt(object, 'rules')))
      expect(at(rule, 'verbs')).toEqual(['list', 'watch'])
  })

  test('go to the account that the Pods run as', () => {
    for (const { object } of objects.filter(({ kind }) => kind === 'ClusterRoleBinding')) {
      expect(find('ClusterRole', textAt(object, 'roleRef.name')).kind).toBe('ClusterRole')
      const [subject] = listAt(object, 'subjects')
      const account = find('ServiceAccount', textAt(subject, 'name')).object
      expect(textAt(subject, 'namespace')).toBe(textAt(account, 'metadata.namespace'))
    }
    const accounts = withPods.map((each) => textAt(podSpecOf(each), 'serviceAccountName'))
    expect(accounts.toSorted()).toEqual(['', 'slicedns', 'with-dns'])
  })
})

describe('Pods', () => {
  test.for(withPods.map((each) => ({ title: `${each.path} ${each.kind}`, each })))(
    '$title keeps to the Pod Security Standard "restricted", on a read-only root',
    ({ each }) => {
      const spec = podSpecOf(each)
      expect(at(spec, 'securityContext.runAsNonRoot')).toBe(true)
      expect(at(spec, 'securityContext.seccompProfile.type')).toBe('RuntimeDefault')
      const containers = containersOf(spec)
      expect(containers.filter(isOurs)).toHaveLength(1)
      for (const container of containers) {
        // NET_BIND_SERVICE is the one capability that the standard lets a Pod add.
        const capabilities = isOurs(container)
          ? { add: ['NET_BIND_SERVICE'], drop: ['ALL'] }
          : { drop: ['ALL'] }
        expect(at(container, 'securityContext')).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities,
        })
      }
    },
  )

  test('name the image by the version of the package', () => {
    const version = textAt(JSON.parse(read('package.json')), 'version')
    const images = readTree('deploy', ['.yaml']).flatMap(
      ({ text }) => text.match(/image: slicedns\S*/g) ?? [],
    )
    expect(new Set(images)).toEqual(new Set([`image: slicedns:${version}`]))
    expect(read('docs/deploy.md').match(/slicedns:\d[^\s"'`]*/g) ?? []).toContain(`slicedns:${version}`)
  })
})

const corefiles = objects
  .filter(({ kind }) => kind === 'ConfigMap')
  .map(({ name, object }) => ({ name, text: textAt(object, 'data.Corefile') }))

function blockOf(text: string): ServerBlock {
  const [block] = corefileFromText(text, 'Corefile').serverBlocks
  if (block === undefined) throw new Error('the Corefile has no server block')
  return block
}

describe('Corefiles', () => {
  test.for(corefiles)(
    'that of the ConfigMap $name has one block, on port 53, of directives that are there',
    ({ text }) => {
      const block = blockOf(text)
      expect(corefileFromText(text, 'Corefile').serverBlocks).toHaveLength(1)
      expect(block.keys.map(({ text: key }) => key)).toEqual(['.:53'])
      const known = new Set(PLUGINS.map(({ name }) => name))
      expect(block.directives.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([])
    },
  )

  test('that of the Deployment offers the pages that its probes and its Service name', () => {
    const text = corefiles.find(({ name }) => name === 'slicedns')?.text ?? ''
    const [container] = containersOf(podSpecOf(find('Deployment', 'slicedns')))
    const pages = ['livenessProbe', 'readinessProbe'].map((probe) => at(container, `${probe}.httpGet`))
    expect(pages).toEqual([
      { path: '/health', port: 8080 },
      { path: '/ready', port: 8181 },
    ])
    expect(text).toMatch(/^ +health \{\n +lameduck 5s$/m)
    expect(text).toMatch(/^ +ready$/m)
    expect(text).toMatch(/^ +prometheus :9153$/m)
    const seconds = at(podSpecOf(find('Deployment', 'slicedns')), 'terminationGracePeriodSeconds')
    expect(seconds).toBeGreaterThan(5 + 5)
    const ports = listAt(find('Service', 'kube-dns').object, 'spec.ports').map((port) => at(port, 'port'))
    expect(ports).toEqual(listAt(container, 'ports').map((port) => at(port, 'containerPort')))
  })

  test('that of the test Pod serves the manifests of its ConfigMap, mounted as a kubelet mounts it', async () => {
    const [volume] = listAt(podSpecOf(find('Pod', 'test-with-dns')), 'volumes')
    const data = textsAt(find('ConfigMap', 'made-up-cluster').object, 'data')
    const folder = tempFolder()
    for (const item of listAt(volume, 'configMap.items')) {
      const text = (data.get(textAt(item, 'key')) ?? '')
        .replace('.:53', '.:0')
        .replace('/etc/coredns/', `${folder}/`)
        .replace(/ready$/m, 'ready 127.0.0.1:0')
      const path = join(folder, '..2026_01_01', textAt(item, 'path'))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
    symlinkSync('..2026_01_01', join(folder, '..data'))
    for (const entry of ['Corefile', 'manifests']) symlinkSync(`..data/${entry}`, join(folder, entry))
    const server = await startServer({ corefile: join(folder, 'Corefile') })
    onTestFinished(() => server.close())
    const client = dnsClient(server.port)
    const [, asked = ''] = listAt(podSpecOf(find('Pod', 'test-with-dns')), 'containers.0.command').map(String)
    expect(await client.outcome(asked)).toEqual([`${asked}. 5 IN A 10.0.0.1`])
    expect(await client.outcome('none.shop.svc.cluster.local')).toEqual(['NXDOMAIN'])
  })
})

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n')

  test('gives Node what the benches give it in the place of the image', () => {
    const inFirstLine = /1s\|\.\*\|#!\/usr\/local\/bin\/node (.*)\|'/.exec(read('Dockerfile'))?.[1]
    const inEnvironment = /NODE_OPTIONS=(.*)$/m.exec(read('Dockerfile'))?.[1]
    expect([inFirstLine, inEnvironment]).toEqual(IMAGE_OPTIONS)
  })

  test('copies what .dockerignore lets through, and that is there or made by the build', () => {
    const copied = lines
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(' ').slice(1, -1))
    const letThrough = read('.dockerignore').match(/(?<=^!).*$/gm)
    expect(copied.toSorted()).toEqual(letThrough?.toSorted())
    for (const path of copied.filter((each) => !each.startsWith('dist/')))
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true])
    expect(read('scripts/build.ts')).toContain("chunkFileNames: 'bundle/")
  })

  test('runs as a user by number, and starts as the image of CoreDNS does', () => {
    expect(lines).toContain('USER 65532:65532')
    expect(lines).toContain('ENTRYPOINT ["/slicedns"]')
    expect(lines.filter((line) => /^(?:ARG|FROM) /.test(line))).toEqual([
      'ARG BUILD_BASE=node:24-slim',
      'ARG RUN_BASE=scratch',
      'FROM ${BUILD_BASE} AS parts',
      'ARG RUN_BASE',
      'FROM ${RUN_BASE}',
    ])
  })
})

const commands = (of: string) => new Set(of.match(/^kubectl (?!kustomize).*$/gm))

describe('docs/deploy.md', () => {
  const text = read('docs/deploy.md')

  test('names files and objects of deploy/ that are there', () => {
    const paths = [...text.matchAll(/\bdeploy\/[\w./-]*[\w/]/g)].map(([path]) => path)
    expect(paths.length).toBeGreaterThan(5)
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
    const named = [...text.matchAll(/(?:deployment|configmap)\/(\w+)/g)].map(([, name]) => name)
    expect(named.filter((name) => name !== 'slicedns' && name !== 'coredns')).toEqual([])
  })

  test('its commands of kubectl are those of the README', () => {
    const here = commands(text)
    expect(commands(read('README.md')).size).toBeGreaterThan(0)
    for (const command of commands(read('README.md'))) expect([...here]).toContain(command)
  })
})
