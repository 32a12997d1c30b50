import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findTool, requireTool } from '../../bench/tools.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slicedns-tools-'))
  vi.stubEnv('PATH', folder)
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test('findTool finds a program on the PATH that can be run', () => {
  writeFileSync(join(folder, 'dnsperf'), '', { mode: 0o644 })
  expect(findTool('dnsperf')).not.toBe(join(folder, 'dnsperf'))
  rmSync(join(folder, 'dnsperf'))
  writeFileSync(join(folder, 'dnsperf'), '', { mode: 0o755 })
  expect(findTool('dnsperf')).toBe(join(folder, 'dnsperf'))
})

test('requireTool says how to install what is missing, where Go is missing too', () => {
  expect(() => requireTool('coredns')).toThrow(
    'Cannot find coredns. Install it with: go install github.com/coredns/coredns@v1.14.7',
  )
})
