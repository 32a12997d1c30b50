import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { FolderWatch } from '../../../src/kubernetes/manifests/folder-watch.ts'
import type { FolderWatchOptions } from '../../../src/kubernetes/manifests/folder-watch.ts'
import { eventually } from '../../helpers/eventually.ts'
import { tempFolder } from '../../helpers/temp-folder.ts'

const timing = { quietMs: 40, longestWaitMs: 150, pollMs: 50, recheckMs: 60_000 }

function watchFolder(
  directories: Parameters<FolderWatch['update']>[0],
  options: Partial<FolderWatchOptions> = {},
) {
  const looks: { everyFile: boolean }[] = []
  const watch = new FolderWatch({ timing, onChange: (look) => looks.push(look), ...options })
  onTestFinished(() => watch.stop())
  return { looks, watch, isNew: watch.update(directories) }
}
const noSpace = () => {
  throw Object.assign(new Error('no watches left'), { code: 'ENOSPC' })
}
const whole = (folder: string) => new Map([[folder, { identity: '1', names: undefined }]])

test('FolderWatch passes several events on as one, after a quiet time', async () => {
  const folder = tempFolder()
  const { looks, isNew } = watchFolder(whole(folder))
  expect(isNew).toBe(true)
  for (let index = 0; index < 5; index++) writeFileSync(join(folder, 'a.yaml'), String(index))
  await eventually(() => expect(looks).toEqual([{ everyFile: false }]))
  await setTimeout(100)
  expect(looks).toHaveLength(1)
})

test('FolderWatch passes events on even if they never stop', async () => {
  const folder = tempFolder()
  const { looks } = watchFolder(whole(folder))
  const writer = setInterval(() => writeFileSync(join(folder, 'a.yaml'), 'x'), 10)
  onTestFinished(() => clearInterval(writer))
  await eventually(() => expect(looks.length).toBeGreaterThan(1), 1000)
})

test('FolderWatch does not care for other names in a parent, nor for writes to other files', async () => {
  const parent = tempFolder({ 'server.log': '' })
  const only = watchFolder(new Map([[parent, { identity: '1', names: new Set(['m']) }]]))
  const all = watchFolder(whole(parent))
  writeFileSync(join(parent, 'server.log'), 'line')
  await setTimeout(120)
  expect([...only.looks, ...all.looks]).toEqual([])
  mkdirSync(join(parent, 'm'))
  await eventually(() => expect([only.looks.length, all.looks.length]).toEqual([1, 1]))
})

test('FolderWatch.update watches anew what has another identity, and lets go of what is gone', async () => {
  const folder = tempFolder()
  const { looks, watch } = watchFolder(whole(folder))
  expect(watch.update(whole(folder))).toBe(false)
  expect(watch.update(new Map([[folder, { identity: '2', names: undefined }]]))).toBe(true)
  expect(watch.update(new Map())).toBe(false)
  writeFileSync(join(folder, 'a.yaml'), '')
  await setTimeout(120)
  expect(looks).toEqual([])
})

test('FolderWatch looks again and again where the system has no watches left', async () => {
  const { looks, isNew } = watchFolder(whole(tempFolder()), { watchDirectory: noSpace })
  expect(isNew).toBe(false)
  await eventually(() => expect(looks.length).toBeGreaterThan(2), 1000)
})

test('FolderWatch asks for every file now and then', async () => {
  const { looks } = watchFolder(new Map(), { timing: { ...timing, recheckMs: 20 } })
  await eventually(() => expect(looks).toContainEqual({ everyFile: true }))
})

test('FolderWatch does nothing after stop', async () => {
  const folder = tempFolder()
  const { looks, watch } = watchFolder(whole(folder), { timing: { ...timing, recheckMs: 50 } })
  writeFileSync(join(folder, 'a.yaml'), '')
  await setTimeout(10)
  watch.stop()
  await setTimeout(120)
  expect(looks).toEqual([])
})

test('FolderWatch asks for another look where a directory is gone before it is watched', async () => {
  const { looks, isNew } = watchFolder(whole(join(tempFolder(), 'gone')))
  expect(isNew).toBe(false)
  await eventually(() => expect(looks).toEqual([{ everyFile: false }]))
})
