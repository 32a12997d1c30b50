/** A time span as zone files write it: `300`, or with units `1h30m`, `2w`; undefined above `most` or when it is none. */
export function secondsFromText(text: string, most: number): number | undefined {
  // A unit behind every number but the last: where it may be left out anywhere, long numbers take exponential time.
  if (!/^(?=.)(?:\d{1,10}[smhdw])*\d{0,10}$/i.test(text)) return undefined
  let seconds = 0
  for (const [, count, unit = 's'] of text.matchAll(/(\d+)([smhdw]?)/gi)) {
    seconds += Number(count) * (SECONDS_IN.get(unit.toLowerCase()) ?? 1)
  }
  return seconds <= most ? seconds : undefined
}

const SECONDS_IN: ReadonlyMap<string, number> = new Map([
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800],
])
