import { expect, test } from 'vitest'

import { UdpAddressSockets } from '../../src/server/udp-address-sockets.ts'

/** Sockets that only note what becomes of them. */
function create(maxSockets: () => number) {
  const events: string[] = []
  const sockets = new UdpAddressSockets({
    maxSockets,
    open: async (address) => {
      if (address === 'bad') throw new Error('bind EADDRNOTAVAIL')
      events.push(`open ${address}`)
      const close = async (): Promise<void> => void events.push(`close ${address}`)
      return { address, port: 53, stop: () => void events.push(`stop ${address}`), close }
    },
  })
  return { sockets, events: () => events.splice(0) }
}

test('UdpAddressSockets update opens what is missing and closes what is gone', async () => {
  const { sockets, events } = create(() => 9)
  await sockets.update(['a', 'bad', 'b'])
  expect(events()).toEqual(['open a', 'open b'])
  await sockets.update(['b', 'c'])
  expect(events()).toEqual(['close a', 'open c'])
  await sockets.close()
  expect(events()).toEqual(['stop b', 'stop c', 'close b', 'close c'])
})

test('UdpAddressSockets update goes by the bound of the moment', async () => {
  let maxSockets = 2
  const { sockets, events } = create(() => maxSockets)
  await sockets.update(['a', 'b', 'c'])
  expect(events()).toEqual(['open a', 'open b'])
  maxSockets = 1
  await sockets.update(['a', 'b', 'c'])
  expect(events()).toEqual(['close b'])
  maxSockets = 3
  await sockets.update(['a', 'b', 'c'])
  expect(events()).toEqual(['open b', 'open c'])
})
