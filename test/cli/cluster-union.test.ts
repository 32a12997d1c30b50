import { expect, test } from 'vitest'

import { unionKey, unionOf } from '../../src/cli/cluster-union.ts'
import type { ApiClusterOptions } from '../../src/kubernetes/api/api-cluster-options.ts'
import type { ClusterIdentity } from '../../src/plugins/plugin.ts'

const FOLLOWED: ApiClusterOptions = {
  credentials: { kind: 'default' },
  namespaces: undefined,
  namespaceSelectorText: '',
  watchesEndpoints: true,
  watchesPods: false,
  startupTimeoutMs: 5_000,
  guardsMassDelete: true,
}

function live(api: Partial<ApiClusterOptions> = {}, selectorText = ''): ClusterIdentity {
  return { folders: [], selectorText, selector: undefined, api: { ...FOLLOWED, ...api } }
}

/** A block that says `mass_delete_guard` in this line. */
function guarded(isOn: boolean, line: number): ClusterIdentity {
  return { ...live({ guardsMassDelete: isOn }), guardPosition: { file: 'Corefile', line, column: 3 } }
}

function guards(...identities: readonly ClusterIdentity[]): boolean | undefined {
  return identities.reduce(unionOf).api?.guardsMassDelete
}

test('unionKey is one for blocks that differ in how much they need, not for those that see other objects', () => {
  const key = unionKey(live())
  const same: readonly Partial<ApiClusterOptions>[] = [
    { watchesPods: true },
    { watchesEndpoints: false },
    { guardsMassDelete: false },
    { startupTimeoutMs: 1 },
  ]
  expect(same.map((api) => unionKey(live(api)))).toEqual(same.map(() => key))
  const others = [
    live({ credentials: { kind: 'kubeconfig', file: '/config' } }),
    live({ namespaces: ['shop'] }),
    live({ namespaceSelectorText: 'team=a' }),
    live({}, 'app=web'),
    { ...live(), api: undefined },
    { ...live(), api: undefined, folders: ['a'] },
  ]
  expect(new Set([key, ...others.map(unionKey)]).size).toBe(1 + others.length)
})

test('unionOf has Pods and endpoints where either needs them', () => {
  const union = unionOf(live({ watchesEndpoints: false }), live({ watchesPods: true }))
  expect(union.api).toMatchObject({ watchesEndpoints: true, watchesPods: true })
  const least = live({ watchesEndpoints: false })
  expect(unionOf(least, least).api).toMatchObject({ watchesEndpoints: false, watchesPods: false })
})

test('unionOf guards against mass deletion unless one says otherwise, and refuses two that contradict each other', () => {
  expect(guards(live(), live())).toBe(true)
  expect(guards(live(), guarded(false, 3))).toBe(false)
  expect(guards(guarded(false, 3), live(), live())).toBe(false)
  expect(guards(guarded(false, 3), guarded(false, 9))).toBe(false)
  expect(() => guards(guarded(true, 3), live(), guarded(false, 9))).toThrow(
    'Corefile:9:3: "mass_delete_guard" is "on" at Corefile:3:3 for the same cluster; blocks with the same cluster share its data: say it once, or alike',
  )
})
