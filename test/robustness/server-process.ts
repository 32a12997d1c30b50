import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

import { ROOT } from '../helpers/source-tree.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { rawQuery, UdpClient } from '../server/harness.ts'

export interface ServerProcess {
  readonly port: number
  readonly child: ChildProcess
  /** Standard error so far, where it is not led elsewhere. */
  readonly stderr: () => string
}

export interface ServerProcessOptions {
  /** `PORT` stands for the port. */
  readonly corefile: string
  /** Shell text before the command, such as `ulimit -n 64;`. */
  readonly before?: string
  /** Shell text behind it, such as `2>/dev/full`. */
  readonly behind?: string
  /** Arguments of Node.js itself. */
  readonly nodeArguments?: readonly string[]
}

/** Starts SliceDNS as a process of its own for one test, and waits until it answers. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { before = '', behind = '', nodeArguments = [] } = options
  const port = await freePort()
  const folder = tempFolder({ Corefile: options.corefile.replaceAll('PORT', String(port)) })
  const command = [
    process.execPath,
    ...nodeArguments,
    join(ROOT, 'src/main.ts'),
    '-conf',
    join(folder, 'Corefile'),
  ]
  const quoted = command.map((word) => `'${word}'`).join(' ')
  const child = spawn('sh', ['-c', `${before} exec ${quoted} ${behind}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()))
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  await untilAnswering(port, child, () => stderr)
  return { port, child, stderr: () => stderr }
}

async function untilAnswering(port: number, child: ChildProcess, stderr: () => string): Promise<void> {
  using client = await UdpClient.open(port)
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${stderr()}`)
    if ((await client.exchange(rawQuery({ name: 'example.org' }), 100)) !== undefined) return
  }
  throw new Error(`the server does not answer: ${stderr()}`)
}

async function freePort(): Promise<number> {
  using client = await UdpClient.open(9)
  return client.localPort
}
