import { expect, test } from 'vitest'

import { commandName } from '../../src/cli/command-name.ts'

test.for([
  ['called by its name', {}, 'slicedns'],
  [
    'npm start in the repository',
    { npm_lifecycle_event: 'start', npm_package_name: 'slicedns' },
    'npm run -s slicedns --',
  ],
  [
    'npm run in the repository',
    { npm_lifecycle_event: 'slicedns', npm_package_name: 'slicedns' },
    'npm run -s slicedns --',
  ],
  ['npx', { npm_lifecycle_event: 'npx', npm_package_name: 'slicedns' }, 'npx slicedns'],
  [
    "a script of somebody's package",
    { npm_lifecycle_event: 'start', npm_package_name: 'shop' },
    'npx slicedns',
  ],
] as const)('commandName: %s', ([, env, expected]) => {
  expect(commandName(env)).toBe(expected)
})
