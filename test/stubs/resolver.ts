import type { LookupKind } from './lookups.ts'

/** What a resolver makes of a lookup. */
export interface Outcome {
  readonly elapsedMs: number
  /** Addresses, or names without the final dot. None: the resolver says there are none. */
  readonly found: readonly string[]
  /** Set where it says anything else, such as that it failed or that time ran out. */
  readonly error?: string
}

/** A stub resolver that can be asked. */
export interface RunningResolver {
  lookUp(kind: LookupKind, subject: string): Promise<Outcome>
  close(): Promise<void>
}

/** A stub resolver, and what is known of it beforehand. */
export interface Resolver {
  /** Short: it heads a column. */
  readonly name: string
  /** What of it is used. */
  readonly about: string
  readonly version: () => string
  readonly kinds: readonly LookupKind[]
  /** Programs on the PATH, or files, each with the command that installs it. */
  readonly needs: Readonly<Record<string, string>>
  readonly habits?: Habits
  /** `folder` is for what it builds. */
  start(folder: string): Promise<RunningResolver>
}

/** Where resolvers differ from each other by design. Absent: as most do. */
export interface Habits {
  /** Which names it completes: all but full ones, those without a dot, none. */
  readonly searches?: 'undotted' | 'nothing'
  /** Gives addresses of IPv6 alone where there are some. */
  readonly prefersIpv6?: boolean
  /** Does with those records of a truncated reply that are there. */
  readonly lacksTcp?: boolean
  /** Asks all over again, with a larger buffer, until the addresses fit. */
  readonly repeatsForLargeAnswers?: boolean
}

/** The environment of a resolver: nothing that would override resolv.conf. */
export function resolverEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { LOCALDOMAIN: _domain, RES_OPTIONS: _options, JAVA_TOOL_OPTIONS: _java, ...rest } = process.env
  return { ...rest, LC_ALL: 'C', ...extra }
}
