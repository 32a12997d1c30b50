import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import type { Outcome, RunningResolver } from './resolver.ts'
import { resolverEnvironment } from './resolver.ts'

const LOOKUP_TIMEOUT_MS = 15_000

/** Starts a program that answers lookups line by line (programs/README.md). It times them itself. */
export function startLineProgram(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningResolver {
  const child = spawn(program, args, {
    env: resolverEnvironment(environment),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  return {
    lookUp: async (kind, subject) => {
      const answered = once(lines, 'line', { signal: AbortSignal.timeout(LOOKUP_TIMEOUT_MS) })
      child.stdin.write(`${kind} ${subject}\n`)
      const gone = ended.then(() => Promise.reject(new Error(`${program} ended without an answer`)))
      const [line]: unknown[] = await Promise.race([answered, gone])
      return readAnswer(String(line))
    },
    close: async () => {
      child.kill()
      await ended
    },
  }
}

/** `0.412 10.96.1.2`, `0.398 none` or `5004.100 !EAI_AGAIN`. */
export function readAnswer(line: string): Outcome {
  const [elapsed, ...words] = line.trim().split(/\s+/)
  const elapsedMs = Number(elapsed)
  const error = words.find((word) => word.startsWith('!'))
  if (error !== undefined) return { elapsedMs, found: [], error: error.slice(1) }
  const found = words.filter((word) => word !== 'none').map((word) => word.replace(/\.$/, ''))
  return { elapsedMs, found }
}
