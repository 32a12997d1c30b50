/** What `(?imsU)` in a pattern switches on. */
export interface Flags {
  /** `i`: without regard to letter case. */
  readonly foldsCase: boolean
  /** `m`: `^` and `$` at each line. */
  readonly multiLine: boolean
  /** `s`: `.` is also a line break. */
  readonly dotAll: boolean
  /** `U`: repetitions take as little as they can, and as much with `?` behind. */
  readonly ungreedy: boolean
}

export const NO_FLAGS: Flags = { foldsCase: false, multiLine: false, dotAll: false, ungreedy: false }

/** The flags with those of the letters set to `value`. */
export function withFlags(flags: Flags, letters: string, value: boolean): Flags {
  const names = { i: 'foldsCase', m: 'multiLine', s: 'dotAll', U: 'ungreedy' } as const
  const set = Object.entries(names).filter(([letter]) => letters.includes(letter))
  return { ...flags, ...Object.fromEntries(set.map(([, name]) => [name, value])) }
}
