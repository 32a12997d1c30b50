import { PassThrough } from 'node:stream'

import { expect, test } from 'vitest'

import { createProgress } from '../../src/cli/progress.ts'

/** What a stream gets to see; each entry is the time and the files read, or `end`. */
function shown(steps: readonly (readonly [number, number | 'end'])[], isTTY = true): string {
  let nowMs = 0
  const stream = Object.assign(new PassThrough(), { isTTY })
  // oxlint-disable-next-line no-unsafe-type-assertion -- the one thing of a terminal that counts here
  const show = createProgress(stream as unknown as NodeJS.WriteStream, () => nowMs)
  for (const [atMs, files] of steps) {
    nowMs = atMs
    show(files === 'end' ? undefined : { filesRead: files, filesTotal: 9, objectsRead: files * 10 })
  }
  return String(stream.read() ?? '')
}

const CLEAR = '\r\u001B[K'

test('createProgress is silent about what is quick', () => {
  expect(
    shown([
      [0, 0],
      [200, 5],
      [299, 8],
      [299, 'end'],
    ]),
  ).toBe('')
})

test('createProgress keeps one line, redraws it ten times a second and takes it away', () => {
  expect(
    shown([
      [300, 1],
      [350, 2],
      [400, 3],
      [900, 'end'],
      [901, 'end'],
    ]),
  ).toBe(
    `${CLEAR}reading manifests: 1 of 9 files, 10 objects${CLEAR}reading manifests: 3 of 9 files, 30 objects${CLEAR}`,
  )
})

test('createProgress says nothing where no terminal is', () => {
  expect(
    shown(
      [
        [300, 1],
        [900, 'end'],
      ],
      false,
    ),
  ).toBe('')
})
