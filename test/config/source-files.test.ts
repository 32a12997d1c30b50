import { describe, expect, test } from 'vitest'
import { SourceFiles } from '../../src/config/source-files.ts'
import { configErrorOf } from './config-error-of.ts'

const POSITION = { file: 'Corefile', line: 2, column: 9 }
const noHint = () => 'hint'

describe('SourceFiles', () => {
  test('reads each file once and keeps its text', () => {
    const asked: string[] = []
    const files = new SourceFiles((path) => {
      asked.push(path)
      return '\uFEFFlog a'
    })
    const tokens = files.read('a.conf', POSITION, noHint)
    expect(tokens.map((token) => token.text)).toEqual(['log', 'a'])
    expect(files.read('a.conf', POSITION, noHint)).toBe(tokens)
    expect(asked).toEqual(['a.conf'])
    expect([...files.sources]).toEqual([['a.conf', 'log a']])
  })

  test.each([
    ['ENOENT', 'SLICEDNS_CONFIG_IMPORT_NOT_FOUND', 'hint'],
    ['ENOTDIR', 'SLICEDNS_CONFIG_IMPORT_NOT_FOUND', 'hint'],
    ['EACCES', 'SLICEDNS_CONFIG_IMPORT_UNREADABLE', undefined],
  ])('%s becomes %s at the import', (errno, code, hint) => {
    const files = new SourceFiles(() => {
      throw Object.assign(new Error(errno), { code: errno })
    })
    const error = configErrorOf(() => files.read('a.conf', POSITION, noHint))
    expect(error).toMatchObject({ code, hint, position: POSITION })
  })
})
