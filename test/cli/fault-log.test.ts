import { describe, expect, test } from 'vitest'

import { FaultLog } from '../../src/cli/fault-log.ts'

function faultLog(showsStacks: () => boolean = () => false) {
  const lines: { message: string; fields: Readonly<Record<string, unknown>> | undefined }[] = []
  const error = (message: string, fields?: Readonly<Record<string, unknown>>) =>
    void lines.push({ message, fields })
  return { lines, faults: new FaultLog({ info: () => {}, warn: () => {}, error }, showsStacks) }
}

const thrownBy = (message: string) => new Error(message)

describe('FaultLog', () => {
  test('says what failed and where; the stack stands in the first line of a kind', () => {
    const { lines, faults } = faultLog()
    const errors = ['one', 'two'].map(thrownBy)
    for (const error of errors) faults.report(error, 'www.example. A')
    faults.report(new TypeError('three'), 'www.example. AAAA')
    faults.report('a string', '.')
    faults.report('a string', '.')
    expect(lines).toEqual([
      { message: 'answering failed: Error: one', fields: { where: 'www.example. A', err: errors[0] } },
      { message: 'answering failed: Error: two', fields: { where: 'www.example. A' } },
      {
        message: 'answering failed: TypeError: three',
        fields: { where: 'www.example. AAAA', err: expect.any(TypeError) },
      },
      { message: 'answering failed: a string', fields: { where: '.', err: 'a string' } },
      { message: 'answering failed: a string', fields: { where: '.' } },
    ])
  })

  test('puts it into every line as long as it is to', () => {
    let showsStacks = true
    const { lines, faults } = faultLog(() => showsStacks)
    for (const message of ['one', 'two', 'three']) {
      showsStacks = message !== 'three'
      faults.report(thrownBy(message), '.')
    }
    expect(lines.map(({ fields }) => fields?.['err'] instanceof Error)).toEqual([true, true, false])
  })

  test('knows a hundred kinds, and no more', () => {
    const { lines, faults } = faultLog()
    for (let kind = 0; kind < 150; kind++) {
      const error = new Error('odd')
      error.stack = `Error: odd\n    at line${kind}`
      faults.report(error, '.')
    }
    expect(lines.filter(({ fields }) => fields?.['err'] !== undefined)).toHaveLength(100)
  })
})
