import { expect, test } from 'vitest'
import { SERVER_NAMES, chooseServers } from '../../bench/contenders.ts'

const SETTING = {
  cluster: { namespaces: [], services: [], objects: [] },
  workspace: { folder: '', manifests: '', apiServerUrl: '', upstreamPort: 9 },
  entry: '',
}

test('chooseServers gives a starter for each name, in the order of the names', () => {
  expect(chooseServers('coredns,slicedns,dns2', SETTING)).toHaveLength(3)
})

test('chooseServers says at an unknown name which ones there are', () => {
  expect(() => chooseServers('slicedns,bind', SETTING)).toThrow(
    `Cannot measure "bind": it is none of ${SERVER_NAMES.join(', ')}`,
  )
})
