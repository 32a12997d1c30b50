import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import type { WriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** Whether the kernel can be asked to end a program with the process that started it, however that ends. */
const DIES_WITH_PARENT =
  process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0

/** Programs that run now: none outlives this process. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A program that is started, killed and started again with the same arguments. Its output goes to a file. */
export class Component {
  readonly name: string
  readonly logFile: string
  readonly #command: readonly string[]
  readonly #env: Readonly<Record<string, string>>
  #child: ChildProcess | undefined
  #log: WriteStream | undefined

  constructor(
    name: string,
    command: readonly string[],
    { logFile, env = {} }: { readonly logFile: string; readonly env?: Readonly<Record<string, string>> },
  ) {
    this.name = name
    this.logFile = logFile
    this.#command = command
    this.#env = env
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Its exit code; undefined while it runs, and where a signal ended it. */
  get exitCode(): number | undefined {
    return this.#child?.exitCode ?? undefined
  }

  start(): void {
    if (this.isRunning) return
    const [program = '', ...args] = DIES_WITH_PARENT
      ? ['setpriv', '--pdeathsig', 'KILL', ...this.#command]
      : this.#command
    const log = createWriteStream(this.logFile, { flags: 'a' })
    const child = spawn(program, args, {
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.pipe(log, { end: false })
    child.stderr.pipe(log, { end: false })
    child.on('error', (error) => log.write(`${error.message}\n`))
    running.add(child)
    child.once('close', () => {
      running.delete(child)
      log.end()
    })
    this.#child = child
    this.#log = log
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  /** Waits until it ends by itself. Gives its exit code; undefined where a signal ended it. */
  async ended(): Promise<number | undefined> {
    const child = this.#child
    if (child !== undefined && running.has(child)) {
      await new Promise((resolve) => {
        child.once('close', resolve)
      })
    }
    return this.exitCode
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    await this.stop('SIGKILL')
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === undefined || !running.has(child)) return
    const gone = new Promise<unknown>((resolve) => {
      child.once('close', resolve)
    })
    child.kill(signal)
    await gone
  }

  /** The last lines of what it printed. */
  async output(lines = 20): Promise<string> {
    if (this.#log === undefined) return ''
    const text = await readFile(this.logFile, 'utf8').catch(() => '')
    return text.trimEnd().split('\n').slice(-lines).join('\n')
  }
}
