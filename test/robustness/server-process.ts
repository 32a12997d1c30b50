import { join } from 'node:path'

import { startProcess } from '../helpers/slicedns-process.ts'
import type { RunningProcess } from '../helpers/slicedns-process.ts'
import { ROOT } from '../helpers/source-tree.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { rawQuery, UdpClient } from '../server/harness.ts'

export interface ServerProcess extends RunningProcess {
  readonly port: number
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

/** Starts SliceDNS through a shell as a process of its own for one test, and waits until it answers. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { before = '', behind = '', nodeArguments = [] } = options
  const port = await freePort()
  const folder = tempFolder({ Corefile: options.corefile.replaceAll('PORT', String(port)) })
  const main = join(ROOT, 'src/main.ts')
  const command = [process.execPath, ...nodeArguments, main, '-conf', join(folder, 'Corefile')]
  const quoted = command.map((word) => `'${word}'`).join(' ')
  const running = startProcess(['sh', '-c', `${before} exec ${quoted} ${behind}`])
  await untilAnswering(port, running)
  return { ...running, port }
}

async function untilAnswering(port: number, running: RunningProcess): Promise<void> {
  using client = await UdpClient.open(port)
  for (let tries = 0; tries < 100; tries++) {
    if ((await client.exchange(rawQuery({ name: 'example.org' }), 100)) !== undefined) return
  }
  throw new Error(`the server does not answer:\n${running.stdout()}\n${running.stderr()}`)
}

async function freePort(): Promise<number> {
  using client = await UdpClient.open(9)
  return client.localPort
}
