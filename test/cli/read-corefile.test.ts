import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { readCorefile } from '../../src/cli/read-corefile.ts'
import { tempFolder } from '../helpers/temp-folder.ts'

describe('readCorefile', () => {
  test('shows nothing of a file that is no text', () => {
    const path = join(tempFolder({ program: new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1]) }), 'program')
    expect(() => readCorefile(path)).toThrow(`Cannot read the Corefile "${path}": it is no text`)
  })

  test('reads what it imports, relative to the file, in the order of names', () => {
    const folder = tempFolder({
      Corefile: 'import blocks/*.server\n',
      'blocks/b.server': 'b.example {\n whoami\n}\n',
      'blocks/a.server': 'a.example {\n import ../common\n}\n',
      common: 'errors\n',
    })
    const { serverBlocks } = readCorefile(join(folder, 'Corefile'))
    expect(serverBlocks.map(({ keys }) => keys[0]?.text)).toEqual(['a.example', 'b.example'])
    expect(serverBlocks[0]?.directives[0]?.name).toBe('errors')
  })

  test.for([
    ['nope', 'there is no such file or folder'],
    ['folder', 'it is a folder'],
    ['file/x', 'a part of the path is no folder'],
  ] as const)('%s: %s', ([path, reason]) => {
    const folder = tempFolder({ 'folder/x': '', file: '' })
    const full = join(folder, path)
    expect(() => readCorefile(full)).toThrow(
      expect.objectContaining({
        code: 'SLICEDNS_COREFILE_MISSING',
        message: `Cannot read the Corefile "${full}": ${reason}; name another with -conf, or serve a folder of manifests: slicedns FOLDER`,
      }),
    )
  })
})
