import { describe, expect, test } from 'vitest'
import { filesOfImport } from '../../src/config/import-files.ts'
import { configErrorOf } from './config-error-of.ts'

const POSITION = { file: 'conf/Corefile', line: 2, column: 9 }

describe('filesOfImport', () => {
  test.each([
    ['a.conf', 'conf/a.conf'],
    ['../a.conf', 'a.conf'],
    ['./b/../a.conf', 'conf/a.conf'],
    ['/etc/a.conf', '/etc/a.conf'],
  ])('%s is looked for as %s', (target, path) => {
    expect(filesOfImport(target, POSITION, noGlob)).toEqual([path])
  })

  test('a pattern is handed on, and its files come in order of name', () => {
    const asked: string[] = []
    const glob = (pattern: string) => {
      asked.push(pattern)
      return ['conf/b', 'conf/a']
    }
    expect(filesOfImport('*', POSITION, glob)).toEqual(['conf/a', 'conf/b'])
    expect(filesOfImport('a?.*', POSITION, glob)).toEqual(['conf/a', 'conf/b'])
    expect(asked).toEqual(['conf/*', 'conf/a?.*'])
  })

  test.each(['**', '*/*', '??', '[a]', '[a'])('%s is refused', (target) => {
    const error = configErrorOf(() => filesOfImport(target, POSITION, () => []))
    expect(error).toMatchObject({ code: 'SLICEDNS_CONFIG_IMPORT_PATTERN', position: POSITION })
  })
})

function noGlob(): readonly string[] {
  throw new Error('no pattern')
}
