import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { waitFor } from '../control-plane/wait-for.ts'
import { attempt, run } from './command.ts'
import type { Ended } from './command.ts'
import { composeSpec } from './spec.ts'
import type { ContainerSetup } from './spec.ts'

/** A container that was started: by runc, as containerd and CRI-O start one. */
export interface Container {
  /** Of its process, as this machine counts. */
  readonly pid: number
  /** What it has written so far. */
  output(): string
  /** Runs a program of this machine on the network of the container. */
  within(program: string, args: readonly string[]): Promise<Ended>
  /** SIGTERM, as a kubelet ends it, and what became of it. */
  stop(): Promise<{ readonly exitCode: number; readonly tookMs: number }>
}

let count = 0

/** Starts one in a new folder below `folder`. Throws an Error with what runc says where it ends before it runs. */
export async function startContainer(folder: string, setup: ContainerSetup): Promise<Container> {
  const name = `slicedns-${process.pid}-${count++}`
  const bundle = join(folder, name)
  await mkdir(bundle)
  await writeFile(join(bundle, 'config.json'), JSON.stringify(composeSpec(name, setup)))
  const state = ['--root', join(folder, 'runc')]
  const pidFile = join(bundle, 'pid')
  const args = [...state, 'run', '--bundle', bundle, '--pid-file', pidFile, name]
  const child = spawn('runc', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  let exitCode: number | undefined
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => resolve((exitCode = code ?? -1)))
  })
  await waitFor(`${name} runs`, () => Promise.resolve(existsSync(pidFile) || exitCode !== undefined))
  // Without a process, or gone at once: the caller sees it in the output.
  const pid = existsSync(pidFile) ? Number(await readFile(pidFile, 'utf8')) : 0
  return {
    pid,
    output: () => text,
    within: (program, programArgs) =>
      attempt('nsenter', ['--target', String(pid), '--net', program, ...programArgs]),
    stop: async () => {
      const from = performance.now()
      if (exitCode === undefined) await run('runc', [...state, 'kill', name, 'TERM']).catch(() => {})
      const timer = setTimeout(() => void attempt('runc', [...state, 'kill', name, 'KILL']), GRACE_MS)
      const code = await ended
      clearTimeout(timer)
      return { exitCode: code, tookMs: performance.now() - from }
    },
  }
}

/** terminationGracePeriodSeconds of deploy/deployment.yaml. */
const GRACE_MS = 30_000

/** Runs the container to its end. */
export async function runContainer(folder: string, setup: ContainerSetup): Promise<Ended> {
  const name = `slicedns-${process.pid}-${count++}`
  const bundle = join(folder, name)
  await mkdir(bundle)
  await writeFile(join(bundle, 'config.json'), JSON.stringify(composeSpec(name, setup)))
  return await attempt('runc', ['--root', join(folder, 'runc'), 'run', '--bundle', bundle, name])
}
