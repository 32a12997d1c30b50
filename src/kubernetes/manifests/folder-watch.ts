import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { basename } from 'node:path'
import { errorCode } from './manifest-problem.ts'
import { manifestName } from './manifest-folder.ts'
import type { WatchedDirectory } from './manifest-folder.ts'

export interface FolderWatchOptions {
  /** Something may have changed: look again. `everyFile` where changes may have left no trace, so that all is to be read. */
  readonly onChange: (look: { readonly everyFile: boolean }) => void
  readonly timing?: FolderWatchTiming | undefined
  /** Watches one directory: fs.watch, unless a test gives another. */
  readonly watchDirectory?: typeof watch | undefined
}

/** All in milliseconds. */
export interface FolderWatchTiming {
  /** Quiet time after an event before it is passed on: an editor's save is several events. */
  readonly quietMs: number
  /** An event is passed on after this time even if others keep coming. */
  readonly longestWaitMs: number
  /** Between looks where the system cannot watch: no watches left, or a file system without them. */
  readonly pollMs: number
  /** Between looks at the contents of everything, in case the system lost an event (network file systems do). */
  readonly recheckMs: number
}

const usualTiming: FolderWatchTiming = {
  quietMs: 75,
  longestWaitMs: 300,
  pollMs: 500,
  recheckMs: 30_000,
}

/**
 * Watches directories, never files: a file that is replaced by a rename, as editors and ConfigMap volumes do, takes its watch
 * with it. Does not keep the process alive.
 */
export class FolderWatch {
  readonly #onChange: FolderWatchOptions['onChange']
  readonly #timing: FolderWatchTiming
  readonly #watchDirectory: typeof watch
  readonly #watchers = new Map<string, { directory: WatchedDirectory; readonly watcher: FSWatcher }>()
  readonly #recheck: NodeJS.Timeout
  #poll: NodeJS.Timeout | undefined
  #quiet: NodeJS.Timeout | undefined
  #firstEventMs = 0

  constructor({ onChange, timing = usualTiming, watchDirectory = watch }: FolderWatchOptions) {
    this.#watchDirectory = watchDirectory
    this.#onChange = onChange
    this.#timing = timing
    this.#recheck = setInterval(() => onChange({ everyFile: true }), timing.recheckMs).unref()
  }

  /**
   * Watches these directories and no others. True where one is watched that was not before: what happened between the look that
   * found it and this call went unseen.
   */
  update(directories: ReadonlyMap<string, WatchedDirectory>): boolean {
    for (const [path, watched] of this.#watchers) {
      const directory = directories.get(path)
      if (directory?.identity === watched.directory.identity) {
        watched.directory = directory
        continue
      }
      watched.watcher.close()
      this.#watchers.delete(path)
    }
    let isNew = false
    for (const [path, directory] of directories) {
      if (!this.#watchers.has(path) && this.#add(path, directory)) isNew = true
    }
    return isNew
  }

  stop(): void {
    clearInterval(this.#recheck)
    clearInterval(this.#poll)
    clearTimeout(this.#quiet)
    for (const { watcher } of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #add(path: string, directory: WatchedDirectory): boolean {
    try {
      const watcher = this.#watchDirectory(path, { persistent: false }, (event, name) => {
        const names = this.#watchers.get(path)?.directory.names
        // Under its own name a directory tells that it is moved or removed itself.
        if (name === basename(path) || isOfInterest(event, name, names)) this.#noteEvent()
      })
      watcher.on('error', () => this.#startPolling())
      this.#watchers.set(path, { directory, watcher })
      return true
    } catch (error) {
      // Gone since it was found: look again.
      if (errorCode(error) === 'ENOENT') this.#noteEvent()
      else this.#startPolling()
      return false
    }
  }

  #noteEvent(): void {
    const now = performance.now()
    if (this.#quiet === undefined) this.#firstEventMs = now
    clearTimeout(this.#quiet)
    const { quietMs, longestWaitMs } = this.#timing
    const waitMs = Math.min(quietMs, this.#firstEventMs + longestWaitMs - now)
    this.#quiet = setTimeout(
      () => {
        this.#quiet = undefined
        this.#onChange({ everyFile: false })
      },
      Math.max(waitMs, 0),
    ).unref()
  }

  #startPolling(): void {
    this.#poll ??= setInterval(() => this.#onChange({ everyFile: false }), this.#timing.pollMs).unref()
  }
}

/** What is only written to matters where it is a manifest; what comes and goes may be a folder or the `..data` of a ConfigMap volume. */
function isOfInterest(event: string, name: string | null, names: ReadonlySet<string> | undefined): boolean {
  if (name === null) return true
  if (names !== undefined) return names.has(name)
  return event === 'rename' || manifestName.test(name)
}
