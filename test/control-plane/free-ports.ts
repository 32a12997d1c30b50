import { createServer } from 'node:net'
import type { Server } from 'node:net'

/** Below the ports that the kernel gives to outgoing connections: a server that is away for a while finds its own again. */
const FIRST = 20_000
const LAST = 32_000

/** Ports of 127.0.0.1, different ones, that nobody uses at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = []
  try {
    while (servers.length < count) {
      const server = await tryPort(FIRST + Math.floor(Math.random() * (LAST - FIRST)))
      if (server !== undefined) servers.push(server)
    }
    return servers.map(portOf)
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }
}

async function tryPort(port: number): Promise<Server | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
