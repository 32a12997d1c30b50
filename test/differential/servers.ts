import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startServer } from '../../bench/servers.ts'
import { requireTool } from '../../bench/tools.ts'
import { SILENT_LOG } from '../../src/cli/logger.ts'
import { corefileFromText } from '../../src/cli/read-corefile.ts'
import { startServing } from '../../src/cli/start-server.ts'
import type { Serving } from '../../src/cli/start-server.ts'
import type { ApiObject } from '../helpers/api-object.ts'
import { ApiServer } from '../helpers/api-server.ts'
import type { ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { closedPort, startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { Asker } from './asker.ts'
import { composeQuery } from './compose-query.ts'
import { composeCorefile } from './corefiles.ts'
import type { Profile } from './corefiles.ts'
import type { DirectiveSet } from '../helpers/directive-sets/directive-set.ts'
import { outsideWorld } from './upstream.ts'

/** Both servers with the same objects, configuration and upstream, and a way to ask each. */
export interface Pair {
  readonly ours: Asker
  readonly theirs: Asker
  readonly ports: { readonly ours: number; readonly theirs: number }
  close(): Promise<void>
}

/** A pair whose objects are given from here. */
export interface FedPair extends Pair {
  /** Gives both the objects as they are from now on. Neither may know yet when this returns. */
  update(objects: readonly ApiObject[], changed: readonly ObjectChange[]): void
}

/** One write to the API server. */
export type ObjectChange = { readonly put: ApiObject } | { readonly delete: ApiObject }

const START_LIMIT_MS = 15_000
const START_ATTEMPTS = 3

/** Resolves when both answer. CoreDNS opens its port when its first lists are read, so from then on it knows all objects. */
export async function startPair(
  profile: Profile,
  objects: readonly ApiObject[],
  set?: Omit<DirectiveSet, 'questions'>,
): Promise<FedPair> {
  return openWith((closers) => open({ profile, objects, set }, closers))
}

/** What is to be done at the end, last one first. */
export type Closers = (() => unknown)[]

/** Opens something of several parts, and closes those that are open where one fails. */
export async function openWith<T>(
  begin: (closers: Closers) => Promise<T>,
): Promise<T & { close(): Promise<void> }> {
  const closers: Closers = []
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer()
  }
  try {
    return { ...(await begin(closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

interface Wanted {
  readonly profile: Profile
  readonly objects: readonly ApiObject[]
  /** Instead of what the profile says. */
  readonly set: Omit<DirectiveSet, 'questions'> | undefined
}

async function open({ profile, objects, set }: Wanted, closers: Closers): Promise<Omit<FedPair, 'close'>> {
  const upstream: ScriptedUpstream = await startScriptedUpstream(outsideWorld)
  closers.push(() => upstream.close())
  const apiServer = await ApiServer.start()
  closers.push(() => apiServer.close())
  for (const object of objects) apiServer.put(object)
  const folder = await mkdtemp(join(tmpdir(), 'slicedns-differential-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))

  for (const [name, contents] of Object.entries(set?.files ?? {}))
    await writeFile(join(folder, name), contents)
  const compose = (dataSource?: string): string =>
    set === undefined
      ? composeCorefile(profile, {
          upstreamPort: upstream.port,
          ...(dataSource === undefined ? {} : { dataSource }),
        })
      : composeDirectives(set, { folder, upstreamPort: upstream.port, dataSource: dataSource ?? '' })
  const corefiles = { ours: compose(), theirs: compose(`endpoint ${apiServer.url}`) }
  const { serving, ...pair } = await startBoth({ profile, folder, corefiles, objects }, closers)
  const update: FedPair['update'] = (next, changed) => {
    for (const change of changed) {
      if ('put' in change) apiServer.put(change.put)
      else apiServer.delete(change.delete)
    }
    serving.manifests.replaceObjects(next)
  }
  return { ...pair, update }
}

export interface BothSetup {
  readonly profile: Profile
  /** CoreDNS's Corefile is written there. */
  readonly folder: string
  readonly corefiles: { readonly ours: string; readonly theirs: string }
  /** What SliceDNS serves, where its Corefile does not say. */
  readonly objects?: readonly ApiObject[]
}

/** Starts both servers; resolves when both know their objects. */
export async function startBoth(
  { profile, folder, corefiles, objects }: BothSetup,
  closers: Closers,
): Promise<Omit<Pair, 'close'> & { readonly serving: Serving }> {
  const corefile = join(folder, 'Corefile')
  await writeFile(corefile, corefiles.theirs)
  const serving = await startServing({
    corefile: corefileFromText(corefiles.ours, 'Corefile'),
    defaultPort: 0,
    ...(objects === undefined ? {} : { objects }),
    watch: false,
    log: SILENT_LOG,
  })
  closers.push(() => serving.close({ graceMs: 0 }))
  await serving.synced

  const port = serving.addresses[0]?.port ?? 0
  const ours = new Asker(port)
  closers.push(() => ours.close())
  const { asker: theirs, port: theirPort } = await startCoredns(corefile, profile, closers)
  return { ours, theirs, ports: { ours: port, theirs: theirPort }, serving }
}

/** Resolves when it answers. A free port may be taken by somebody else before it opens it: then there is another. */
async function startCoredns(
  corefile: string,
  profile: Profile,
  closers: Closers,
): Promise<{ readonly asker: Asker; readonly port: number }> {
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const port = await closedPort()
    const command = [requireTool('coredns'), '-conf', corefile, '-dns.port', String(port)]
    const coredns = startServer({ name: 'CoreDNS', port, command, core: undefined })
    const asker = new Asker(port)
    closers.push(
      () => coredns.stop(),
      () => asker.close(),
    )
    if (await isAnswering(asker, profile, coredns.ended)) return { asker, port }
  }
  throw new Error('CoreDNS does not answer')
}

/** One block for all names; words in capitals stand for what is known only now. */
function composeDirectives(
  { directives }: Pick<DirectiveSet, 'directives'>,
  {
    folder,
    upstreamPort,
    dataSource,
  }: { readonly folder: string; readonly upstreamPort: number; readonly dataSource: string },
): string {
  const text = directives
    .replaceAll('FOLDER', folder)
    .replaceAll('UPSTREAM', `127.0.0.1:${upstreamPort}`)
    .replaceAll('OBJECTS', dataSource)
  return `. {\n bind 127.0.0.1\n ${text}\n}\n`
}

/** Waits for the first answer; false where there is none in time, or never will be. */
async function isAnswering(asker: Asker, { zones }: Profile, ended: AbortSignal): Promise<boolean> {
  const query = composeQuery({
    kind: 'apex',
    state: 'structure',
    name: zones[0] ?? '.',
    type: 6,
    rrclass: 1,
    recursionDesired: true,
    authenticData: false,
    checkingDisabled: false,
    tcp: false,
  })
  const deadline = performance.now() + START_LIMIT_MS
  while ((await asker.ask(query, { tcp: false, timeoutMs: 200 })) === undefined) {
    if (ended.aborted || performance.now() > deadline) return false
    await sleep(50)
  }
  // Whoever took its port may answer.
  return !ended.aborted
}
