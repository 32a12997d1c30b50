import type { Log } from '../plugins/plugin.ts'

/** Calls `reload` on SIGHUP and on SIGUSR1, as long as the process runs. */
export function onReloadSignal(log: Log, reload: () => void): void {
  for (const signal of ['SIGHUP', 'SIGUSR1'] as const) {
    process.on(signal, () => {
      log.info(`reloading on ${signal}`)
      reload()
    })
  }
}
