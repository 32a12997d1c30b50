import { expect, test } from 'vitest'
import { zoneNamesFromList } from '../../src/zone/zone-list.ts'

test('zoneNamesFromList reads one name to a line', () => {
  expect(zoneNamesFromList('; comment\n\na.example\r\n b.example. ; why\na b\n')).toEqual([
    'a.example.',
    'b.example.',
  ])
})
