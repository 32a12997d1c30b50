import { execFile } from 'node:child_process'

import type { LookupKind } from './lookups.ts'
import type { Outcome, RunningResolver } from './resolver.ts'
import { resolverEnvironment } from './resolver.ts'

const LOOKUP_TIMEOUT_MS = 15_000

/** A command that is run once for each lookup, and how its output is read. Its time includes the start of a process. */
export interface LookupCommand {
  readonly program: string
  readonly args: (kind: LookupKind, subject: string) => readonly string[]
  readonly read: (stdout: string, exitCode: number, kind: LookupKind) => Omit<Outcome, 'elapsedMs'>
}

interface Ended {
  readonly stdout: string
  readonly exitCode: number
}

/** `environment`: what the command finds there besides. */
export function commandResolver(
  { program, args, read }: LookupCommand,
  environment: Readonly<Record<string, string>> = {},
): RunningResolver {
  const env = resolverEnvironment(environment)
  return {
    lookUp: async (kind, subject) => {
      const startMs = performance.now()
      const { stdout, exitCode } = await run(program, args(kind, subject), env)
      return { elapsedMs: performance.now() - startMs, ...read(stdout, exitCode, kind) }
    },
    close: async () => {},
  }
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>()
  execFile(program, args, { timeout: LOOKUP_TIMEOUT_MS, env }, (error, stdout) => {
    if (error === null) resolve({ stdout, exitCode: 0 })
    else if (typeof error.code === 'number') resolve({ stdout, exitCode: error.code })
    else reject(error)
  })
  return promise
}
