import type { DomainName } from '../wire/name.ts'

/** A place in a file. Line and column count from 1; the column counts UTF-16 units. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface Argument {
  /** Quotes removed, environment variables replaced. */
  readonly text: string
  readonly position: Position
}

/** A word at the start of a line, its arguments, and the lines in its braces. */
export interface Directive {
  readonly name: string
  readonly position: Position
  readonly args: readonly Argument[]
  readonly block: readonly Directive[]
}

/** How queries reach a server block: the scheme of its key. */
export type Transport = 'dns' | 'tls' | 'https' | 'https3' | 'grpc' | 'quic'

/** One key of a server block, such as `cluster.local:53`, `dns://.:1053` or `10.0.0.0/8`. */
export interface ServerKey {
  readonly text: string
  readonly transport: Transport
  /** Lower case. A CIDR gives as many reverse zones as it needs; everything else one. */
  readonly zones: readonly DomainName[]
  /** Undefined where the key names none: the default port of the process counts. */
  readonly port: number | undefined
  readonly position: Position
}

export interface ServerBlock {
  readonly keys: readonly ServerKey[]
  readonly directives: readonly Directive[]
  readonly position: Position
}

export interface Corefile {
  readonly serverBlocks: readonly ServerBlock[]
  /** Every file that was read, imports included, as given to `readFile`. */
  readonly files: readonly string[]
  /** The text of each of them, by its path: what `describeConfigError` shows the line from. */
  readonly sources: ReadonlyMap<string, string>
  /** What deserves a word but is no error, such as an import glob without a match. */
  readonly warnings: readonly string[]
}
