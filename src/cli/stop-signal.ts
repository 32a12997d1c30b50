/** Resolves with the name of the first signal that asks this process to stop. A second one ends it at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
  let asked = false
  const ask = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(1)
    asked = true
    resolve(signal)
  }
  process.on('SIGTERM', ask)
  process.on('SIGINT', ask)
  return promise
}
