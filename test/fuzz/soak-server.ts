import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ROOT } from '../helpers/source-tree.ts'

/** A SliceDNS process that serves the labs and forwards every other name to one upstream. */
export class SoakServer {
  readonly port: number
  #stderr = ''
  readonly #child: ChildProcess
  readonly #folder: string

  private constructor(child: ChildProcess, port: number, folder: string) {
    this.#child = child
    this.port = port
    this.#folder = folder
    child.stderr?.on('data', (piece: Buffer) => {
      this.#stderr += piece.toString('utf8').slice(0, MAX_STDERR - this.#stderr.length)
    })
  }

  /** Resolves when it answers for every object. */
  static async start(port: number, upstreamPort: number): Promise<SoakServer> {
    const folder = mkdtempSync(join(tmpdir(), 'slicedns-soak-'))
    const conf = join(folder, 'Corefile')
    writeFileSync(conf, corefile(port, upstreamPort))
    const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), '-conf', conf], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const server = new SoakServer(child, port, folder)
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    if (!server.isRunning) throw new Error(`the server did not start: ${server.#stderr}`)
    return server
  }

  /** Lines on standard error that are no warning about the labs' manifests and no notice: none, if all is well. */
  get errors(): readonly string[] {
    return this.#stderr.split('\n').filter((line) => line !== '' && !/^\{"level":[1-4]0,/.test(line))
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Memory of the process that is in RAM now, as Linux counts it. */
  residentKib(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])
  }

  async stop(): Promise<void> {
    if (this.isRunning) {
      const exited = once(this.#child, 'exit')
      this.#child.kill('SIGTERM')
      await exited
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const MAX_STDERR = 100_000

function corefile(port: number, upstreamPort: number): string {
  return `cluster.local:${port} in-addr.arpa:${port} ip6.arpa:${port} {
    bind 127.0.0.1
    errors
    loadbalance
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        manifests ${join(ROOT, 'examples/labs')}
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    forward . 127.0.0.1:${upstreamPort}
}
.:${port} {
    bind 127.0.0.1
    errors
    forward . 127.0.0.1:${upstreamPort}
}
`
}
