import { execFile } from 'node:child_process'

/** What a program did. `code` is -1 where a signal ended it. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const LIMIT_MS = 300_000

/** Runs a program to its end, whatever that is. Throws an Error where it cannot be started. */
export async function attempt(program: string, args: readonly string[], cwd?: string): Promise<Ended> {
  return await new Promise((resolve, reject) => {
    const options = { timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024, ...(cwd === undefined ? {} : { cwd }) }
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code === 'string')
        reject(new Error(`Cannot run ${program}: ${error.message}`))
      else resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
    })
  })
}

/** Gives what it prints. Throws an Error with the end of what it says where it fails. */
export async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await attempt(program, args, cwd)
  if (code === 0) return stdout
  throw new Error(`${program} ${args.join(' ')}: exit code ${code}\n${`${stdout}\n${stderr}`.slice(-3000)}`)
}
