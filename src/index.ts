import { createLogger, SILENT_LOG } from './cli/logger.ts'
import { BUILT_IN_COREFILE, folderCorefile } from './cli/folder-corefile.ts'
import { corefileFromText, readCorefile } from './cli/read-corefile.ts'
import { StartError } from './cli/start-error.ts'
import type { ServerAddress } from './cli/listeners.ts'
import { startServing } from './cli/start-server.ts'
import type { Corefile } from './config/corefile.ts'
import type { ManifestProblem } from './kubernetes/manifests/manifest.ts'
import type { Log } from './plugins/plugin.ts'

export type { Log, ManifestProblem, ServerAddress }

/** What to serve: exactly one of `corefile`, `corefileText`, `folders` and `objects`. */
export interface StartServerOptions {
  /** Path of a Corefile, which is read again where it says `reload`. */
  readonly corefile?: string
  /** A Corefile as text; its imports are relative to the working folder. */
  readonly corefileText?: string
  /** Folders (or files) of Kubernetes manifests. */
  readonly folders?: readonly string[]
  /** Kubernetes objects as plain values, such as `{ apiVersion: 'v1', kind: 'Service', … }`. */
  readonly objects?: readonly unknown[]
  /** For server blocks whose keys name no port. Default 0: any free one; see `port` of the server. */
  readonly port?: number
  /** Where folders and objects are served. Default 127.0.0.1; a Corefile has `bind`. */
  readonly host?: string
  /** Where folders and objects send other names: addresses or resolv.conf files. Default: nowhere. */
  readonly upstreams?: readonly string[]
  /** Whether edits of the folders show while the server runs. Default true. */
  readonly watch?: boolean
  /** Where to write log lines: `stderr`, or an object of yours. Default: nowhere. */
  readonly log?: 'stderr' | Log
}

export interface Server {
  /** One for each transport and address. */
  readonly addresses: readonly ServerAddress[]
  /** Port of the first address. */
  readonly port: number
  /** What is wrong with the manifests as they stand now. */
  readonly problems: readonly ManifestProblem[]
  /** Serves other objects from now on. Throws an Error where the server was not started with `objects`. */
  replaceObjects(objects: readonly unknown[]): void
  /** Answers what is in flight, then gives the ports back. Calling it again waits for the same. */
  close(): Promise<void>
}

/**
 * Starts a DNS server in this process. Resolves when it answers for every object; rejects with an Error whose `code` is in
 * docs/errors.md where the configuration, a folder or a port cannot be used, and leaves nothing open then.
 */
export async function startServer(options: StartServerOptions): Promise<Server> {
  checkOptions(options)
  const log = options.log === 'stderr' ? await createLogger() : (options.log ?? SILENT_LOG)
  const serving = await startServing({
    corefile: corefileOf(options),
    readAgain: options.corefile === undefined ? undefined : () => corefileOf(options),
    defaultPort: options.port ?? 0,
    objects: options.objects,
    watch: options.watch ?? true,
    log,
  })
  try {
    await serving.synced
  } catch (error) {
    await serving.close({ graceMs: 0 })
    throw error
  }
  return {
    addresses: serving.addresses,
    port: serving.addresses[0]?.port ?? 0,
    get problems() {
      return serving.manifests.problems
    },
    replaceObjects: (objects) => {
      if (options.objects === undefined) throw wrongOptions('this server was not started with objects')
      requireList(objects)
      serving.manifests.replaceObjects(objects)
    },
    close: () => serving.close(),
  }
}

function corefileOf({ corefile, corefileText, folders, host, upstreams }: StartServerOptions): Corefile {
  if (corefile !== undefined) return readCorefile(corefile)
  if (corefileText !== undefined) return corefileFromText(corefileText, 'Corefile')
  const text = folderCorefile({
    folders: folders ?? [],
    host: host ?? '127.0.0.1',
    upstreams: upstreams ?? [],
  })
  return corefileFromText(text, BUILT_IN_COREFILE)
}

/** For callers whose language did not check. */
function checkOptions({ corefile, corefileText, folders, objects, port = 0 }: StartServerOptions): void {
  const given = [corefile, corefileText, folders, objects].filter((way) => way !== undefined)
  if (given.length !== 1)
    throw wrongOptions('give exactly one of corefile, corefileText, folders and objects')
  if (objects !== undefined) requireList(objects)
  if (folders !== undefined && (!Array.isArray(folders) || folders.length === 0))
    throw wrongOptions('folders must be a list of at least one path')
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw wrongOptions(`port must be a whole number from 0 to 65535, not ${String(port)}`)
}

function requireList(objects: unknown): void {
  if (!Array.isArray(objects)) throw wrongOptions('objects must be a list of Kubernetes objects')
}

function wrongOptions(what: string): StartError {
  return new StartError('SLICEDNS_OPTIONS', `Cannot start a server: ${what}`)
}
