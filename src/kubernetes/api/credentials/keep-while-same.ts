/**
 * Gives what `make` makes of some texts, and the same value again until they change. Where it throws, the value of before goes on:
 * of two files that belong together, one is replaced before the other.
 */
export function keepWhileSame<Value>(
  make: (texts: readonly (string | undefined)[]) => Value,
): (texts: readonly (string | undefined)[]) => Value {
  let kept: { readonly key: string; readonly value: Value } | undefined
  return (texts) => {
    const key = JSON.stringify(texts)
    if (kept?.key === key) return kept.value
    try {
      kept = { key, value: make(texts) }
    } catch (error) {
      if (kept === undefined) throw error
    }
    return kept.value
  }
}
