import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { indexAddresses } from '../../src/cli/index-addresses.ts'

test('indexAddresses lets what waits have its turn before it begins, and between steps', async () => {
  const order: string[] = []
  const store = {
    *indexAddresses() {
      order.push('one')
      yield
      order.push('another')
    },
  }
  setImmediate(() => order.push('before'))
  await indexAddresses(store, () => {
    setImmediate(() => order.push('between'))
    return turn()
  })
  expect(order).toEqual(['before', 'one', 'between', 'another'])
})
