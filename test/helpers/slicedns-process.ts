import { spawn } from 'node:child_process'
import type { StdioOptions } from 'node:child_process'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import { ROOT } from './source-tree.ts'

export interface ProcessOptions {
  /** The working folder; the repository where none is given. */
  readonly cwd?: string
  /** Beside the environment of the tests, without what npm adds to it. */
  readonly env?: Readonly<Record<string, string>>
  /** Written to standard input, which is then closed unless `keepStdinOpen`. */
  readonly stdin?: string
  readonly keepStdinOpen?: boolean
}

/** A child process that is killed, at the latest, when the test ends. */
export interface RunningProcess {
  readonly pid: number
  stdout(): string
  stderr(): string
  /** Resolves with what the pattern found in either output; rejects with all of it when that takes too long. */
  waitFor(pattern: RegExp, limitMs?: number): Promise<RegExpExecArray>
  /** Goes to the process and those it started, as from a terminal. */
  signal(signal: NodeJS.Signals): void
  /** Stops reading an output, as `| head` does. */
  closeOutput(name: 'stdout' | 'stderr'): void
  readonly ended: Promise<{ readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }>
}

/** Starts `slicedns …` from the sources and goes on at once. */
export function startSlicedns(args: readonly string[], options: ProcessOptions = {}): RunningProcess {
  return startProcess([process.execPath, join(ROOT, 'src/main.ts'), ...args], options)
}

/** Starts any command and goes on at once. */
export function startProcess(command: readonly string[], options: ProcessOptions = {}): RunningProcess {
  const [program = '', ...args] = command
  const stdio: StdioOptions = ['pipe', 'pipe', 'pipe']
  const child = spawn(program, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...environmentWithoutNpm(), ...options.env },
    stdio,
    detached: true,
  })
  const outputs = { stdout: '', stderr: '' }
  let onOutput: (() => void) | undefined
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      outputs[name] += chunk.toString()
      onOutput?.()
    })
  }
  child.stdin?.on('error', () => {})
  if (options.stdin !== undefined) child.stdin?.write(options.stdin)
  if (options.keepStdinOpen !== true) child.stdin?.end()
  const ended = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal }))
  })
  const { pid = 0 } = child
  onTestFinished(() => {
    // The whole group: npm starts the server as a child of its own.
    if (child.exitCode === null && child.signalCode === null && pid > 0) process.kill(-pid, 'SIGKILL')
  })
  return {
    pid,
    stdout: () => outputs.stdout,
    stderr: () => outputs.stderr,
    signal: (signal) => void process.kill(-pid, signal),
    closeOutput: (name) => void child[name]?.destroy(),
    ended,
    waitFor: (pattern, limitMs = 10_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`no ${pattern} in:\n${outputs.stdout}\n${outputs.stderr}`)),
          limitMs,
        )
        onOutput = () => {
          const found = pattern.exec(outputs.stdout) ?? pattern.exec(outputs.stderr)
          if (found === null) return
          clearTimeout(timer)
          resolve(found)
        }
        onOutput()
      }),
  }
}

/** npm tells scripts who they are; a child that is to start afresh must not hear it. */
function environmentWithoutNpm(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
