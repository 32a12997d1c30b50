import { expect, test } from 'vitest'
import { locateInYaml } from '../../../src/kubernetes/manifests/yaml-locate.ts'

const text = `# comment
apiVersion: v1
metadata:
  "name": 'web'
  labels: {app: x, "k": &anchor v}
spec:
  ports:
  - name: http
    port: 80
  - port: 81
  empty:
  again: *anchor
`

const at = (...path: (string | number)[]) => text.slice(locateInYaml(text, [0, ...path])).split('\n')[0]

test('locateInYaml finds values, with their quotes, at every depth', () => {
  expect(at()).toBe('apiVersion: v1')
  expect(at('metadata', 'name')).toBe("'web'")
  expect(at('metadata', 'labels', 'k')).toBe('v}')
  expect(at('spec', 'ports', 1)).toBe('port: 81')
  expect(at('spec', 'ports', 0, 'port')).toBe('80')
  expect(at('spec', 'again')).toBe('*anchor')
})

test('locateInYaml gives the key of an empty value, and the nearest parent of a missing one', () => {
  expect(at('spec', 'empty')).toBe('empty:')
  expect(at('spec', 'empty', 'deeper')).toBe('empty:')
  expect(at('spec', 'ports', 7, 'name')).toBe('- name: http')
  expect(at('spec', 'ports', 1, 'name')).toBe('port: 81')
  expect(at('metadata', 'name', 'x')).toBe("'web'")
})

test('locateInYaml counts documents', () => {
  const stream = 'a: 1\n---\na: 2\n'
  expect(locateInYaml(stream, [1, 'a'])).toBe(stream.indexOf('2'))
  expect(locateInYaml(stream, [9, 'a'])).toBe(0)
})

test('locateInYaml gives the start of what is no YAML', () => {
  expect(locateInYaml('a: [', [0, 'a'])).toBe(0)
})
