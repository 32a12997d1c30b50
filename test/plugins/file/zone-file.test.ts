import { setImmediate } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import { ZoneFile } from '../../../src/plugins/file/zone-file.ts'
import { nameOf } from '../../forward/client-query.ts'

const ZONE = '@ 60 IN SOA ns.net. admin.net. 1 3600 600 86400 60\n@ 60 IN NS ns.net.\n'

/** A zone whose files are in memory and can be changed. */
function zoneOver(files: Record<string, string>) {
  const zoneFile = new ZoneFile('/zones/db', nameOf('example.'))
  const read: string[] = []
  const readFile = (path: string): string => {
    read.push(path)
    const text = files[path]
    if (text === undefined) throw new Error(`no file ${path}`)
    return text
  }
  const update = async () => {
    const found = await zoneFile.update({
      fileStamp: (path) => files[path],
      readFile,
      readFileLater: async (path) => readFile(path),
    })
    return found.kind === 'read' ? (found.isServed ? 'served' : found.problems[0]?.code) : found.kind
  }
  return { update, read, names: () => [...(zoneFile.zone?.nodes.keys() ?? [])].toSorted() }
}

describe('ZoneFile', () => {
  test('reads a file only when it has changed', async () => {
    const files: Record<string, string> = { '/zones/db': ZONE }
    const { update, read } = zoneOver(files)
    expect([await update(), await update(), read.length]).toEqual(['served', 'same', 1])
    files['/zones/db'] = `${ZONE}a 60 IN A 10.0.0.1\n`
    expect([await update(), await update(), read.length]).toEqual(['served', 'same', 2])
  })

  test('finds included files beside the one that names them, and reads again when they change', async () => {
    const files: Record<string, string> = {
      '/zones/db': `${ZONE}$INCLUDE more/hosts\n`,
      '/zones/more/hosts': 'a 60 IN A 10.0.0.1\n',
    }
    const { update, names } = zoneOver(files)
    expect([await update(), names()]).toEqual(['served', ['a.example.', 'example.']])
    files['/zones/more/hosts'] = 'b 60 IN A 10.0.0.1\n'
    expect([await update(), names()]).toEqual(['served', ['b.example.', 'example.']])
    expect(await update()).toBe('same')
  })

  test('an included file that is missing is an error, until it comes', async () => {
    const files: Record<string, string> = { '/zones/db': `${ZONE}$INCLUDE hosts\n` }
    const { update, names } = zoneOver(files)
    expect([await update(), await update(), names()]).toEqual(['SLICEDNS_ZONE_INCLUDE', 'same', []])
    files['/zones/hosts'] = 'a 60 IN A 10.0.0.1\n'
    expect([await update(), names()]).toEqual(['served', ['a.example.', 'example.']])
    delete files['/zones/hosts']
    expect([await update(), names()]).toEqual(['SLICEDNS_ZONE_INCLUDE', ['a.example.', 'example.']])
  })

  test('a file that cannot be read is unreadable, once', async () => {
    const { update } = zoneOver({})
    expect([await update(), await update()]).toEqual(['unreadable', 'same'])
  })

  test('serves what it has until the new zone is complete; who asks meanwhile waits for the same', async () => {
    const files: Record<string, string> = { '/zones/db': ZONE }
    const { update, read, names } = zoneOver(files)
    await update()
    const many = Array.from({ length: 20_000 }, (_, index) => `h${index} 60 IN A 10.0.0.1\n`)
    files['/zones/db'] = ZONE + many.join('')
    const updates = Promise.all([update(), update()])
    await setImmediate()
    expect(names()).toEqual(['example.'])
    expect(await updates).toEqual(['served', 'served'])
    expect([read.length, names().length]).toEqual([2, 20_001])
  })
})
