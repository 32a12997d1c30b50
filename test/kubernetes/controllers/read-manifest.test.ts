import { expect, test } from 'vitest'

import { readManifest } from '../../../src/kubernetes/controllers/read-manifest.ts'
import type { Manifest } from '../../../src/kubernetes/manifests/manifest.ts'

test('R07 an object whose reading throws is left out, with the reason', () => {
  const raw = {
    get spec(): never {
      throw new Error('no spec today')
    },
  }
  const position = { file: 'a.yaml', line: 1, column: 1 }
  const manifest: Manifest = {
    apiVersion: 'v1',
    kind: 'Service',
    namespace: 'default',
    name: 'web',
    raw,
    locate: () => position,
  }
  const { reading, problems } = readManifest(manifest)
  expect(reading).toEqual({ of: 'refused' })
  expect(problems.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
    expect.stringMatching(/^error .*web.*cannot be read: no spec today$/),
  ])
})
