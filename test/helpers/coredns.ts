import { spawn } from 'node:child_process'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import { findTool } from '../../bench/tools.ts'
import { closedPort } from './scripted-upstream.ts'
import { tempFolder } from './temp-folder.ts'

/** Where CoreDNS is installed; undefined where it is not. */
export const COREDNS = findTool('coredns')

/** A CoreDNS that runs until the test ends: what our answers are held against. */
export interface RunningCoredns {
  readonly port: number
  /** What it has written so far. */
  output(): string
}

/** Starts CoreDNS with a Corefile made for a free port, and waits until it says that it serves. */
export async function startCoredns(corefile: (port: number) => string): Promise<RunningCoredns> {
  if (COREDNS === undefined) throw new Error('CoreDNS is not installed')
  const port = await closedPort()
  const folder = tempFolder({ Corefile: corefile(port) })
  const child = spawn(COREDNS, ['-conf', join(folder, 'Corefile')], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  const started = Promise.withResolvers<void>()
  const collect = (chunk: Buffer): void => {
    output += chunk.toString()
    if (/^linux\/|^darwin\//m.test(output)) started.resolve()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  child.on('exit', () => started.reject(new Error(`CoreDNS ended: ${output}`)))
  await started.promise
  return { port, output: () => output }
}
