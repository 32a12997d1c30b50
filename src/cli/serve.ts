import { existsSync } from 'node:fs'

import type { Corefile } from '../config/corefile.ts'
import type { Flags } from '../config/flags.ts'
import { parseFlags } from '../config/flags.ts'
import { didYouMean } from '../config/nearest-word.ts'
import { PLUGINS } from '../plugins/order.ts'
import type { Log } from '../plugins/plugin.ts'
import { corefileBanner, folderBanner } from './banner.ts'
import { commandName } from './command-name.ts'
import { BUILT_IN_COREFILE, folderCorefile } from './folder-corefile.ts'
import { HELP } from './help.ts'
import { hostUpstreams } from './host-upstreams.ts'
import { createLogger } from './logger.ts'
import { writePidfile } from './pidfile.ts'
import { logUncaught } from './process-guard.ts'
import { createProgress } from './progress.ts'
import { corefileFromText, readCorefile } from './read-corefile.ts'
import { onReloadSignal } from './reload-signal.ts'
import { knownOrLate } from './known-or-late.ts'
import { keepOldGenerationSmall } from './small-heap.ts'
import { StartError } from './start-error.ts'
import { startServing } from './start-server.ts'
import { stopSignal } from './stop-signal.ts'
import { versionText } from './version.ts'

const DNS_PORT = 53
/** For folders of manifests: a port that needs no privilege, on this machine only. */
const FOLDER_PORT = 1053
const FOLDER_HOST = '127.0.0.1'

/** A cluster that cannot be reached does not keep the log from saying where other names are answered. */
const BANNER_LIMIT_MS = 5_000

/** What the first word can be besides a folder. */
const COMMANDS = ['check', 'query']

/** Serves until SIGTERM or SIGINT. Resolves to the exit code: 1, and one line on standard error, where it cannot start. */
export async function serve(argv: readonly string[]): Promise<number> {
  try {
    const flags = parseFlags(argv)
    if (flags.help) return print(HELP)
    if (flags.version) return print(versionText())
    if (flags.plugins) return print(PLUGINS.map(({ name }) => `dns.${name}\n`).join(''))
    return await run(flags)
  } catch (error) {
    process.stderr.write(`slicedns: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

async function run(flags: Flags): Promise<number> {
  const stopped = stopSignal()
  const folders = flags.positionals
  // A folder is watched anyway, and closing the terminal shall end what was started there.
  const whenToReload = folders.length > 0 ? undefined : onReloadSignal()
  const log = await createLogger()
  const read = folders.length > 0 ? () => corefileForFolders(folders, log) : () => corefileFromFlags(flags)
  const corefile = read()
  // What came through a pipe cannot be read again.
  const readAgain = flags.conf === 'stdin' ? () => corefile : read
  const serving = await startServing({
    corefile,
    readAgain,
    defaultPort: flags.dnsPort ?? (folders.length > 0 ? FOLDER_PORT : DNS_PORT),
    watch: true,
    log,
    onProgress: createProgress(process.stderr),
  })
  logUncaught(log)
  whenToReload?.((signal) => {
    log.info(`reloading on ${signal}`)
    void serving.reload()
  })
  try {
    if (flags.pidfile !== undefined) writePidfile(flags.pidfile)
    const synced = serving.synced.then(keepOldGenerationSmall)
    const shown = folders.length > 0 ? synced : knownOrLate(synced, BANNER_LIMIT_MS)
    const asked = await Promise.race([shown, stopped])
    if (asked === undefined && !flags.quiet)
      print(
        folders.length > 0
          ? folderBanner(serving, folders, commandName(process.env))
          : corefileBanner(corefile, serving),
      )
    log.info(`stopping on ${await Promise.race([stopped, synced.then(() => stopped)])}`)
    await serving.lameduck()
  } finally {
    await serving.close()
    // What still waits there must not keep the process.
    if (folders.includes('-')) process.stdin.destroy()
  }
  return 0
}

function corefileFromFlags({ conf }: Flags): Corefile {
  if (conf !== undefined) return readCorefile(conf)
  if (existsSync('Corefile')) return readCorefile('Corefile')
  throw new StartError(
    'SLICEDNS_COREFILE_MISSING',
    'there is no Corefile in this folder: name one with -conf FILE, or serve a folder of manifests with `slicedns FOLDER`',
  )
}

function corefileForFolders(folders: readonly string[], log: Log): Corefile {
  const [first = ''] = folders
  const suggestion = existsSync(first) ? undefined : didYouMean(first, COMMANDS)
  if (suggestion !== undefined)
    throw new StartError(
      'SLICEDNS_COMMAND_UNKNOWN',
      `${JSON.stringify(first)} is neither a command nor a folder here: ${suggestion}`,
    )
  const upstreams = hostUpstreams(log)
  return corefileFromText(folderCorefile({ folders, host: FOLDER_HOST, upstreams }), BUILT_IN_COREFILE)
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
