import { loadAll } from 'js-yaml'

import { type ClusterBuild, createControllers } from '../../../src/kubernetes/controllers/controllers.ts'
import type { Manifest } from '../../../src/kubernetes/manifests/manifest.ts'
import type { EndpointSlice, Namespace, Pod, Service } from '../../../src/kubernetes/objects.ts'
import { ipToText } from '../../../src/wire/ip-address.ts'

export interface TestBuild extends ClusterBuild {
  readonly services: readonly Service[]
  readonly pods: readonly Pod[]
  readonly slices: readonly EndpointSlice[]
  readonly namespaces: readonly Namespace[]
}

/** The objects of a YAML text. A position's file tells the path that was asked for, its line which document. */
export function manifestsOf(yaml: string): Manifest[] {
  return loadAll(yaml).flatMap((raw, index) => (isObject(raw) ? [manifestOf(raw, index + 1)] : []))
}

export function manifestOf(raw: Readonly<Record<string, unknown>>, line = 1): Manifest {
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {}
  const kind = text(raw['kind'], '')
  return {
    apiVersion: text(raw['apiVersion'], ''),
    kind,
    namespace: kind === 'Namespace' ? '' : text(metadata['namespace'], 'default'),
    name: text(metadata['name'], ''),
    raw,
    locate: (...path) => ({ file: path.join('.'), line, column: 1 }),
  }
}

/** A fresh cluster of the objects in the YAML text. */
export function buildCluster(yaml: string): TestBuild {
  return sorted(createControllers()(manifestsOf(yaml)))
}

export function sorted(build: ClusterBuild): TestBuild {
  const { objects } = build
  return {
    ...build,
    services: objects.filter((object) => object.kind === 'Service'),
    pods: objects.filter((object) => object.kind === 'Pod'),
    slices: objects.filter((object) => object.kind === 'EndpointSlice'),
    namespaces: objects.filter((object) => object.kind === 'Namespace'),
  }
}

/** `CODE at path: message`, one for each problem. */
export function problemsOf({ problems }: ClusterBuild): string[] {
  return problems.map(({ code, message, position }) => {
    return `${code.replace('SLICEDNS_MANIFEST_', '')} at ${position.file}: ${message}`
  })
}

export function codesOf({ problems }: ClusterBuild): string[] {
  return problems.map(({ code }) => code.replace('SLICEDNS_MANIFEST_', ''))
}

/** The addresses of a slice's endpoints, as text. */
export function addressesOf(slice: EndpointSlice | undefined): string[] {
  return (slice?.endpoints ?? []).flatMap(({ addresses }) =>
    addresses.map((address) => (typeof address === 'string' ? address : ipToText(address))),
  )
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
