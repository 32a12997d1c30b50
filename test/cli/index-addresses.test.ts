import { expect, test } from 'vitest'
import { indexAddresses } from '../../src/cli/index-addresses.ts'
import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'

test('indexAddresses goes through all stores, and lets what waits have its turn before', async () => {
  const order: string[] = []
  const stores = ['one', 'other'].map((name) => {
    const store = new ClusterStore({ nowSeconds: () => 0 })
    return Object.assign(store, {
      *indexAddresses() {
        order.push(`begins ${name}`)
        yield
        order.push(`ends ${name}`)
      },
    })
  })
  setImmediate(() => order.push('what waited'))
  await indexAddresses(stores)
  expect(order).toEqual(['what waited', 'begins one', 'ends one', 'begins other', 'ends other'])
})
