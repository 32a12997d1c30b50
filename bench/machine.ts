import { spawnSync } from 'node:child_process'
import { cpus, release } from 'node:os'
import { findTool } from './tools.ts'
import type { ToolName } from './tools.ts'

/** One line: the processor, the kernel, and the version of everything that was measured or measured with. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const versions = [
    `${cpus().length} cores (${model})`,
    `Linux ${release()}`,
    `Node.js ${process.versions.node}`,
    version('coredns', ['-version'], /CoreDNS-[\d.]+/),
    version('dnsperf', ['-h'], /Version ([\d.]+)/),
    version('nsd', ['-v'], /NSD version ([\d.]+)/),
  ]
  return versions.filter((text) => text !== '').join(', ')
}

function version(tool: ToolName, args: readonly string[], pattern: RegExp): string {
  const path = findTool(tool)
  if (path === undefined) return ''
  const { stdout, stderr } = spawnSync(path, args, { encoding: 'utf8' })
  const [whole, number] = pattern.exec(stdout + stderr) ?? []
  return number === undefined ? (whole ?? '') : `${tool} ${number}`
}
