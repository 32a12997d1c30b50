import { onTestFinished } from 'vitest'

import { SILENT_LOG } from '../../src/cli/logger.ts'
import { corefileFromText } from '../../src/cli/read-corefile.ts'
import { startServing } from '../../src/cli/start-server.ts'
import type { ApiObject } from '../helpers/api-object.ts'
import { ApiServer } from '../helpers/api-server.ts'
import { startCoredns } from '../helpers/coredns.ts'
import type { Pair } from './beside-coredns.ts'
import { pairOf } from './beside-coredns.ts'

/**
 * CoreDNS and this server with the same objects, and the same directives in one block for all names, on 127.0.0.1, until the
 * test ends. `OBJECTS` in the directives stands where `kubernetes` says where the objects are.
 */
export async function startClusterPair(directives: string, objects: readonly ApiObject[]): Promise<Pair> {
  const corefile = (port: number, source: string) =>
    `.:${port} {\n bind 127.0.0.1\n ${directives.replaceAll('OBJECTS', source)}\n}\n`
  const apiServer = await ApiServer.start()
  onTestFinished(() => apiServer.close())
  for (const object of objects) apiServer.put(object)
  const coredns = await startCoredns((port) => corefile(port, `endpoint ${apiServer.url}`))
  const serving = await startServing({
    corefile: corefileFromText(corefile(0, ''), 'Corefile'),
    defaultPort: 0,
    objects,
    watch: false,
    log: SILENT_LOG,
  })
  onTestFinished(() => serving.close({ graceMs: 0 }))
  await serving.synced
  const port = serving.addresses.find(({ transport }) => transport === 'udp')?.port ?? 0
  return pairOf({ ours: port, theirs: coredns.port })
}
