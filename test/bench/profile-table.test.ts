import { expect, test } from 'vitest'
import { composeProfileTable, sumProfile } from '../../bench/profile-table.ts'

const PROFILE = {
  nodes: [
    node(1, '(idle)', ''),
    node(2, 'send', ''),
    node(3, 'findName', 'file:///x/src/kubernetes/naming/cluster-names.ts'),
    node(4, 'pick', 'file:///x/src/kubernetes/naming/pick.ts'),
    node(5, 'parseQuery', 'file:///x/src/wire/query.ts'),
    node(6, 'toLowerCase', ''),
    node(7, 'doSend', 'node:dgram'),
  ],
  samples: [2, 3, 1, 4, 5, 6, 7],
  timeDeltas: [0, 100, 30, 5000, 20, 10, 4],
}

test('sumProfile adds up the time until the next sample by room, idle time left out', () => {
  expect([...sumProfile(PROFILE)]).toEqual([
    ['send: libuv and kernel', 100],
    ['kubernetes: naming', 50],
    ['wire: parse, and names to octets', 10],
    ['V8 and other built-in functions', 4],
    ['node:dgram', 0],
  ])
})

test('composeProfileTable gives microseconds per query and shares, the dearest first', () => {
  const shares = new Map([
    ['naming', 25],
    ['send', 75],
  ])
  const [, , ...rows] = composeProfileTable(shares, 10).trimEnd().split('\n')
  expect(rows.map((row) => row.replaceAll(/\s+/g, ' '))).toEqual([
    '| send | 7.50 | 75.0 % |',
    '| naming | 2.50 | 25.0 % |',
    '| all | 10.00 | 100.0 % |',
  ])
})

function node(id: number, functionName: string, url: string) {
  return { id, callFrame: { functionName, url } }
}
