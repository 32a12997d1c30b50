/**
 * Listens for SIGHUP and SIGUSR1, which would end the process or open a debugger, as long as it runs. Gives a function that
 * says what to do at each; one that came before is not forgotten.
 */
export function onReloadSignal(): (reload: (signal: NodeJS.Signals) => void) => void {
  let act: ((signal: NodeJS.Signals) => void) | undefined
  let early: NodeJS.Signals | undefined
  for (const signal of ['SIGHUP', 'SIGUSR1'] as const) {
    process.on(signal, () => {
      if (act === undefined) early = signal
      else act(signal)
    })
  }
  return (reload) => {
    act = reload
    if (early !== undefined) reload(early)
  }
}
