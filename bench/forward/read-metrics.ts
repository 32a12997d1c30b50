/** Samples of a server's metrics, by name and labels as they are written. */
export interface Samples {
  /** NaN where there is none. */
  readonly value: (sample: string) => number
  /** Of all samples of the metric. */
  readonly sum: (metric: string) => number
}

export async function readMetrics(port: number): Promise<Samples> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const samples = text
    .split('\n')
    .filter((line) => /^\w/.test(line))
    .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))] as const)
  return {
    value: (sample) => samples.find(([name]) => name === sample)?.[1] ?? Number.NaN,
    sum: (metric) =>
      samples.filter(([name]) => name.startsWith(`${metric}{`)).reduce((sum, [, value]) => sum + value, 0),
  }
}
