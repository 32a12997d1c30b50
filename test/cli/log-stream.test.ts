import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

import { createLogStream } from '../../src/cli/log-stream.ts'
import { tempFolder } from '../helpers/temp-folder.ts'

function openLog(maxUnwrittenOctets: number) {
  const path = join(tempFolder(), 'log')
  const descriptor = openSync(path, 'w')
  onTestFinished(() => closeSync(descriptor))
  return { log: createLogStream({ descriptor, maxUnwrittenOctets }), text: () => readFileSync(path, 'utf8') }
}

test('createLogStream writes every line, in order', async () => {
  const { log, text } = openLog(1024 * 1024)
  const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index} é\n`)
  for (const line of lines) log.write(line)
  await expect.poll(text).toBe(lines.join(''))
})

test('createLogStream drops what is more than the bound while a write goes on, and goes on after it', async () => {
  const { log, text } = openLog(10)
  for (const line of ['first\n', 'second\n', 'third\n']) log.write(line)
  await expect.poll(text).toBe('first\nsecond\n')
  log.write('fourth\n')
  await expect.poll(text).toBe('first\nsecond\nfourth\n')
})
