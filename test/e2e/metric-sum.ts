/** The sum of a metric over all of its labels. */
export function sumOf(metrics: ReadonlyMap<string, number>, name: string): number {
  const values = [...metrics].filter(([key]) => key === name || key.startsWith(`${name}{`))
  return values.reduce((sum, [, value]) => sum + value, 0)
}
