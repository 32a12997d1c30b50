import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'

import { Reloader } from '../../src/cli/reloader.ts'
import { composeExposition } from '../../src/metrics/exposition.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { parseWith } from '../config/parse-with.ts'
import { testHost } from '../plugins/plugin-harness.ts'

/** A reloader over a text that can be changed; `served` is what was taken into service. */
function reloaderOver(first: string, intervalMs: number | undefined) {
  const served: string[] = []
  const state = { text: first, refusal: '', intervalMs }
  const { log, lines } = testHost()
  const metrics = new MetricsRegistry()
  const reloader = new Reloader(parseWith(first), {
    read: () => parseWith(state.text),
    replace: async (corefile) => {
      await Promise.resolve()
      if (state.refusal !== '') throw new Error(state.refusal)
      served.push(corefile.serverBlocks[0]?.directives.map(({ name }) => name).join(' ') ?? '')
    },
    intervalMs: () => state.intervalMs,
    log,
    metrics,
  })
  onTestFinished(() => reloader.stop())
  return { reloader, served, state, lines, exposition: () => composeExposition(metrics.families()) }
}

const block = (directives: string) => `. {\n${directives}\n}\n`

/** Lets time pass, and what comes of it happen. */
const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms)
  await setImmediate()
}

describe('Reloader', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())
  test('serves another Corefile at the next look, and goes on looking', async () => {
    const { served, state } = reloaderOver(block('errors'), 2_000)
    await pass(10_000)
    expect(served).toEqual([])
    state.text = block('errors\nlog')
    await pass(1_000)
    expect(served).toEqual([])
    await pass(1_000)
    expect(served).toEqual(['errors log'])
    await pass(10_000)
    expect(served).toEqual(['errors log'])
    state.text = block('errors')
    await pass(2_000)
    expect(served).toEqual(['errors log', 'errors'])
  })

  test('without an interval only reload() looks; it serves what has not changed too', async () => {
    const { reloader, served, state } = reloaderOver(block('errors'), undefined)
    state.text = block('log')
    await pass(100_000)
    expect(served).toEqual([])
    await reloader.reload()
    await reloader.reload()
    expect(served).toEqual(['log', 'log'])
  })

  test('a Corefile without reload ends the looking', async () => {
    const { served, state } = reloaderOver(block('errors'), 2_000)
    state.text = block('log')
    state.intervalMs = undefined
    await pass(2_000)
    state.text = block('errors')
    await pass(100_000)
    expect(served).toEqual(['log'])
  })

  test('R08 a mistake is told once, with its place, and mended by the next good text', async () => {
    const { served, state, lines, exposition } = reloaderOver(block('errors'), 2_000)
    state.text = '. {\n errors\n'
    await pass(6_000)
    expect(lines).toEqual([
      expect.stringMatching(
        /^error reload failed, what was served before goes on: Corefile:\d+:\d+: [^\n]+$/,
      ),
    ])
    expect(exposition()).toContain('coredns_reload_failed_total 3')
    state.text = block('log')
    await pass(2_000)
    expect(served).toEqual(['log'])
  })

  test('what cannot be served is tried again at every look', async () => {
    const { served, state, lines } = reloaderOver(block('errors'), 2_000)
    state.text = block('log')
    state.refusal = 'the port is in use'
    await pass(6_000)
    expect(lines).toEqual(['error reload failed, what was served before goes on: the port is in use'])
    state.refusal = ''
    await pass(2_000)
    expect(served).toEqual(['log'])
  })

  test('reloads one after the other, and none after stop', async () => {
    const { reloader, served } = reloaderOver(block('errors'), 2_000)
    await Promise.all([reloader.reload(), reloader.reload()])
    expect(served).toEqual(['errors', 'errors'])
    await reloader.stop()
    await reloader.reload()
    await pass(10_000)
    expect(served).toEqual(['errors', 'errors'])
  })

  test('shows the SHA-512 of what is served, by what it says and not by how it is laid out', async () => {
    const { reloader, state, exposition } = reloaderOver(block('errors'), undefined)
    const hash = (): string =>
      /coredns_reload_version_info\{hash="sha512",value="([0-9a-f]{128})"\} 1/.exec(exposition())?.[1] ?? ''
    const first = hash()
    expect(first).not.toBe('')
    state.text = block('# a comment\n errors')
    await reloader.reload()
    expect(hash()).toBe(first)
    state.text = block('log')
    await reloader.reload()
    expect(hash()).not.toBe(first)
  })
})
