import { expect, test } from 'vitest'

import { buildCluster, problemsOf } from '../build-cluster.ts'

const SERVICE = '\n---\n{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}'

function endpoints(metadata: string): string {
  return `{apiVersion: v1, kind: Endpoints, metadata: {name: web, ${metadata}}, subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]}`
}

const problems = (yaml: string) => problemsOf(buildCluster(yaml))

test('lintEndpoints says which label, annotation or name keeps Endpoints from being mirrored', () => {
  const label = 'labels: {endpointslice.kubernetes.io/skip-mirror: "true"}'
  expect(problems(endpoints(label) + SERVICE)).toEqual([
    'SKIP_MIRROR at metadata.labels.endpointslice.kubernetes.io/skip-mirror: Endpoints default/web are not mirrored: label endpointslice.kubernetes.io/skip-mirror is "true". Remove it, or write EndpointSlices',
  ])
  const annotation = 'annotations: {control-plane.alpha.kubernetes.io/leader: "{}"}'
  expect(problems(endpoints(annotation) + SERVICE)).toEqual([
    expect.stringMatching(
      /^LEADER_ELECTION at metadata\.annotations: Endpoints default\/web are not mirrored: they carry/,
    ),
  ])
  expect(problems(endpoints(''))).toEqual([
    'ENDPOINTS_WITHOUT_SERVICE at metadata.name: Endpoints default/web are not mirrored: there is no Service of that name. Make one without a selector',
  ])
})

test('lintEndpoints is silent where Endpoints are mirrored', () => {
  expect(problems(endpoints('') + SERVICE)).toEqual([])
})
