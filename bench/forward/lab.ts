import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort, startServer } from '../servers.ts'
import type { BenchServer } from '../servers.ts'
import { startUpstream } from './start-upstream.ts'

export interface LabOptions {
  /** Where configurations are written. */
  readonly folder: string
  /** What is run, from the repository's root: `src/main.ts`, or `dist/bin.js` once it is built. */
  readonly entry: string
}

/** Upstreams to forward to. */
export interface Lab extends LabOptions {
  /** Of one that answers at once, on 127.0.0.1. */
  readonly alivePort: number
  /** Of those that never do, on 127.0.0.1 to 127.0.0.15. */
  readonly silentPort: number
  /** What the server wrote when it was last told by SIGUSR2. */
  readonly memory: () => Promise<NodeJS.MemoryUsage>
}

const SILENT_COUNT = 15

export async function withUpstreams(options: LabOptions, work: (lab: Lab) => Promise<void>): Promise<void> {
  const alive = await startUpstream()
  const silent: Socket[] = []
  try {
    const silentPort = await freePort()
    for (let host = 1; host <= SILENT_COUNT; host++) {
      const socket = createSocket('udp4').bind(silentPort, `127.0.0.${host}`)
      silent.push(socket)
      await once(socket, 'listening')
    }
    const memory = async (): Promise<NodeJS.MemoryUsage> =>
      JSON.parse(await readFile(memoryFile(options), 'utf8'))
    await work({ ...options, alivePort: alive.port, silentPort, memory })
  } finally {
    for (const socket of silent) socket.close()
    await alive.stop()
  }
}

/** A server with these directives, and where its metrics are. */
export async function withForwarder(
  lab: Lab,
  directives: string,
  work: (served: { readonly server: BenchServer; readonly metricsPort: number }) => Promise<void>,
): Promise<void> {
  const [port, metricsPort] = [await freePort(), await freePort()]
  const corefile = join(lab.folder, 'Corefile')
  await writeFile(
    corefile,
    `.:${port} {\n bind 127.0.0.1\n prometheus 127.0.0.1:${metricsPort}\n ${directives}\n}\n`,
  )
  process.env['SLICEDNS_BENCH_MEMORY'] = memoryFile(lab)
  const hook = fileURLToPath(new URL('./collect-on-signal.ts', import.meta.url))
  const program = fileURLToPath(new URL(`../../${lab.entry}`, import.meta.url))
  const command = [process.execPath, '--expose-gc', '--import', hook, program, '-conf', corefile]
  const server = startServer({ name: 'SliceDNS', port, command, core: undefined })
  try {
    while (!(await isOpen(metricsPort)) && !server.ended.aborted) await setTimeout(50)
    // What a start leaves behind is not measured.
    await setTimeout(500)
    await work({ server, metricsPort })
  } finally {
    await server.stop()
  }
}

function memoryFile({ folder }: LabOptions): string {
  return join(folder, 'memory.json')
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
