import { expect, test } from 'vitest'

import type { ListenPlan } from '../../src/cli/plan-blocks.ts'
import { separateAddresses } from '../../src/cli/separate-addresses.ts'

const HOST = ['127.0.0.1', '::1', '192.0.2.7', 'fe80::7%eth0']

/** `PORT ADDRESS` for each plan, `*` for all addresses; the letter behind tells whose blocks answer there. */
function separated(...places: readonly string[]): readonly string[] {
  const names = new Map<ListenPlan['blocks'], string>()
  const plans = places.map((place, at) => {
    const [port, address] = place.split(' ')
    const blocks: ListenPlan['blocks'] = []
    names.set(blocks, 'abc'.charAt(at))
    return { port: Number(port), address: address === '*' ? undefined : address, blocks }
  })
  return separateAddresses(plans, () => HOST).map(
    ({ port, address = '*', blocks }) => `${port} ${address} ${names.get(blocks)}`,
  )
}

test.for([
  [['53 *'], ['53 * a']],
  [
    ['53 127.0.0.1', '53 ::1'],
    ['53 127.0.0.1 a', '53 ::1 b'],
  ],
  [
    ['53 127.0.0.1', '54 *'],
    ['53 127.0.0.1 a', '54 * b'],
  ],
  [
    ['53 *', '53 ::1'],
    ['53 ::1 b', '53 127.0.0.1 a', '53 192.0.2.7 a', '53 fe80::7%eth0 a'],
  ],
  [
    ['53 ::', '53 0.0.0.0'],
    ['53 127.0.0.1 b', '53 192.0.2.7 b', '53 ::1 a', '53 fe80::7%eth0 a'],
  ],
  [
    ['53 0.0.0.0', '53 127.0.0.2'],
    ['53 127.0.0.2 b', '53 127.0.0.1 a', '53 192.0.2.7 a'],
  ],
  // Each gets a free port of its own.
  [
    ['0 *', '0 127.0.0.1'],
    ['0 * a', '0 127.0.0.1 b'],
  ],
] as const)('separateAddresses of %j', ([places, expected]) => {
  expect(separated(...places)).toEqual(expected)
})
