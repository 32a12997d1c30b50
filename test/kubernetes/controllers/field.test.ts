import { describe, expect, test } from 'vitest'

import { Field, InvalidField } from '../../../src/kubernetes/controllers/field.ts'

const root = new Field(
  JSON.parse('{"spec":{"ports":[{"port":"x"}],"none":null,"text":"t","flag":true,"__proto__":"own"}}'),
)
const spec = root.at('spec')

function refusal(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof InvalidField) return `${error.path.join('/')}: ${error.message}`
  }
  return 'none'
}

describe('Field', () => {
  test('at and items lead to values, and null counts as not given', () => {
    expect(spec.at('text').text()).toBe('t')
    expect(spec.at('flag').boolean()).toBe(true)
    expect(spec.at('none').isGiven).toBe(false)
    expect(spec.at('none').at('deeper').items()).toEqual([])
    expect(spec.at('ports').items()[0]?.at('port').path).toEqual(['spec', 'ports', 0, 'port'])
  })

  test('at sees own keys only', () => {
    expect(spec.at('constructor').isGiven).toBe(false)
    expect(spec.at('toString').text()).toBeUndefined()
    expect(spec.at('__proto__').text()).toBe('own')
  })

  test('a wrong type names the path as Kubernetes writes it, and the value', () => {
    expect(refusal(() => spec.at('ports').items()[0]?.at('port').integer(1, 9))).toBe(
      'spec/ports/0/port: spec.ports[0].port must be a number 1–9, got "x"',
    )
    expect(refusal(() => spec.at('text').items())).toBe('spec/text: spec.text must be a list, got "t"')
    expect(refusal(() => spec.at('text').at('a'))).toBe('spec/text: spec.text must be a mapping, got "t"')
    expect(refusal(() => spec.at('text').boolean())).toBe(
      'spec/text: spec.text must be true or false, got "t"',
    )
    expect(refusal(() => spec.at('flag').text())).toBe(
      'spec/flag: spec.flag must be a text (put it in quotes), got true',
    )
    expect(refusal(() => spec.texts())).toContain(
      'spec.ports must be a text (put it in quotes), got [{"port":"x"}]',
    )
    expect(refusal(() => spec.at('text').choice(['a', 'b']))).toBe(
      'spec/text: spec.text must be one of a, b, got "t"',
    )
  })

  test.for([1.5, -1, 10, Number.NaN, '5', true])('integer refuses %j', (value) => {
    expect(refusal(() => new Field({ n: value }).at('n').integer(0, 9))).toContain('n must be a number 0–9')
  })

  test('a long value is cut short in the message', () => {
    const message = refusal(() => new Field({ n: 'x'.repeat(1000) }).at('n').integer(0, 9))
    expect(message.length).toBeLessThan(110)
  })
})
