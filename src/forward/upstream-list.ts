import { parseResolvConf } from './resolv-conf.ts'
import { upstreamToText } from './upstream-address.ts'
import type { Upstream, UpstreamHost } from './upstream-address.ts'

/** Where upstreams come from, in the order in which they are listed. */
export type UpstreamSource =
  | { readonly kind: 'fixed'; readonly upstream: Upstream }
  /** `text`: what the file holds now, which names at least one. */
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'host'; readonly host: UpstreamHost }

export interface UpstreamListHost {
  /** Throws where the file cannot be read. */
  readonly readFile: (path: string) => string
  /** Addresses of a host, as the system knows them. Rejects where it knows none. */
  readonly lookupHost: (hostName: string) => Promise<readonly string[]>
  readonly isOwnAddress: (address: string, port: number) => boolean
  readonly warn: (message: string) => void
}

/** The upstreams of one `forward`, kept up to date. */
export interface UpstreamList {
  /** Each once. Empty where host names have not been found yet. */
  readonly current: () => readonly Upstream[]
  /** Resolves when every host name was looked up once; undefined where there is none. */
  readonly known: Promise<void> | undefined
  /** Reads files again at once, where they have changed. */
  readonly refresh: () => void
  readonly close: () => void
}

/** As CoreDNS: more are a mistake. */
export const MAX_UPSTREAMS = 15

const FILE_CHECK_MS = 5_000
const LOOKUP_MS = 30_000
/** While a name has no address yet. */
const FIRST_LOOKUP_MS = 2_000

/**
 * Keeps a list of upstreams: files in the form of resolv.conf are read again when they change, host names looked up again.
 * Where that gives nothing usable (no server, only ourselves, an error), what was known before is kept, with a warning.
 */
export function createUpstreamList(sources: readonly UpstreamSource[], host: UpstreamListHost): UpstreamList {
  const parts = sources.map((source) => createPart(source, host))
  const known = parts.flatMap((part) => (part.known === undefined ? [] : [part.known]))
  return {
    current: () => {
      const upstreams = new Map(
        parts.flatMap((part) => part.current()).map((upstream) => [upstreamToText(upstream), upstream]),
      )
      return [...upstreams.values()].slice(0, MAX_UPSTREAMS)
    },
    known: known.length === 0 ? undefined : Promise.all(known).then(() => {}),
    refresh: () => {
      for (const part of parts) part.refresh()
    },
    close: () => {
      for (const part of parts) part.close()
    },
  }
}

function createPart(source: UpstreamSource, host: UpstreamListHost): UpstreamList {
  if (source.kind === 'file') return watchFile(source, host)
  if (source.kind === 'host') return watchHost(source.host, host)
  const upstreams = [source.upstream]
  return { current: () => upstreams, known: undefined, refresh: () => {}, close: () => {} }
}

function watchFile(source: Extract<UpstreamSource, { kind: 'file' }>, host: UpstreamListHost): UpstreamList {
  const { path } = source
  let { text } = source
  let { upstreams } = parseResolvConf(text)
  let lastWarning = ''
  const warn = (message: string) => {
    if (message !== lastWarning) host.warn(`${path}: ${message}; what it said before is kept`)
    lastWarning = message
  }
  const refresh = (): void => {
    const now = readOrError(() => host.readFile(path))
    if (now instanceof Error) return warn(`cannot be read: ${now.message}`)
    if (now === text) return
    const parsed = parseResolvConf(now)
    if (parsed.upstreams.length === 0) return warn('names no server to forward to')
    if (parsed.upstreams.every(({ address, port }) => host.isOwnAddress(address, port)))
      return warn('names no server but this one itself')
    for (const warning of parsed.warnings) host.warn(`${path}: ${warning}`)
    text = now
    upstreams = parsed.upstreams
    lastWarning = ''
  }
  const timer = setInterval(refresh, FILE_CHECK_MS)
  timer.unref()
  return { current: () => upstreams, known: undefined, refresh, close: () => clearInterval(timer) }
}

function watchHost({ hostName, port, tls }: UpstreamHost, host: UpstreamListHost): UpstreamList {
  let upstreams: readonly Upstream[] = []
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let lastWarning = ''
  const lookup = async (): Promise<void> => {
    const addresses = await host.lookupHost(hostName).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      if (message !== lastWarning) host.warn(`upstream ${hostName} is not found: ${message}`)
      lastWarning = message
      return []
    })
    if (addresses.length > 0) {
      // The certificate of a host is for its name, unless another was given.
      const named = tls === undefined ? {} : { tls: { serverName: tls.serverName ?? hostName } }
      upstreams = addresses.map((address) => Object.assign({ address, port }, named))
      lastWarning = ''
    }
    if (isClosed) return
    timer = setTimeout(() => void lookup(), upstreams.length > 0 ? LOOKUP_MS : FIRST_LOOKUP_MS)
    timer.unref()
  }
  return {
    current: () => upstreams,
    known: lookup(),
    refresh: () => {},
    close: () => {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

function readOrError(read: () => string): string | Error {
  try {
    return read()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
