import { join } from 'node:path'

import { afterAll, beforeAll } from 'vitest'

import { type Server, startServer } from '../../src/index.ts'
import { type DnsClient, dnsClient } from './dns-client.ts'
import { ROOT } from './source-tree.ts'

/** The folder that `npm start` serves. */
export const LABS_FOLDER = join(ROOT, 'examples/labs')

export interface RunningLabs {
  readonly server: Server
  readonly client: DnsClient
}

/** Serves the labs on a free port of 127.0.0.1 while the tests of a file run; nothing is forwarded. To be read within tests. */
export function runningLabs(): RunningLabs {
  let running: RunningLabs | undefined
  beforeAll(async () => {
    const server = await startServer({ folders: [LABS_FOLDER], watch: false })
    running = { server, client: dnsClient(server.port) }
  })
  afterAll(() => running?.server.close())
  const started = () => {
    if (running === undefined) throw new Error('the labs are served from beforeAll to afterAll only')
    return running
  }
  return {
    get server() {
      return started().server
    },
    get client() {
      return started().client
    },
  }
}
