import { didYouMean } from './nearest-word.ts'

/** The command line of the server. */
export interface Flags {
  /** Path of the Corefile; `stdin` reads it from standard input, as CoreDNS does. */
  readonly conf: string | undefined
  /** Port of the server blocks whose keys name none. Undefined where no flag gives it. */
  readonly dnsPort: number | undefined
  readonly pidfile: string | undefined
  /** List the directives and exit. */
  readonly plugins: boolean
  /** Print nothing at start. */
  readonly quiet: boolean
  readonly version: boolean
  readonly help: boolean
  /** Folders of manifests, or `-` for standard input. */
  readonly positionals: readonly string[]
}

type FlagErrorCode = 'SLICEDNS_FLAG_UNKNOWN' | 'SLICEDNS_FLAG_VALUE' | 'SLICEDNS_FLAG_CONFLICT'

/** A command line that cannot be used. `code` is stable and stands in docs/errors.md. */
export class FlagError extends Error {
  readonly code: FlagErrorCode

  constructor(code: FlagErrorCode, message: string) {
    super(message)
    this.name = 'FlagError'
    this.code = code
  }
}

/**
 * Reads the arguments after the program's name as Go's flag package does: one or two dashes, `-flag=value` or
 * `-flag value`, for a switch only `-flag` or `-flag=false`; the last of several counts; `--` ends the flags. Unlike there,
 * flags may also follow the positionals. Throws a FlagError.
 */
export function parseFlags(argv: readonly string[]): Flags {
  const flags: MutableFlags = { ...NO_FLAGS, positionals: [] }
  const rest = [...argv]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      flags.positionals.push(...rest)
      break
    }
    if (word === '-' || !word.startsWith('-')) flags.positionals.push(word)
    else readFlag(word, rest, flags)
  }
  if (flags.positionals.includes(''))
    throw new FlagError(
      'SLICEDNS_FLAG_VALUE',
      'an argument is empty, perhaps from an unset variable: name a folder',
    )
  if (flags.conf !== undefined && flags.positionals.length > 0) {
    const folders = flags.positionals.map((positional) => show(positional)).join(' ')
    const message = `-conf and ${folders} exclude each other: give a Corefile, or folders of manifests`
    throw new FlagError('SLICEDNS_FLAG_CONFLICT', message)
  }
  return flags
}

type MutableFlags = { -readonly [Name in Exclude<keyof Flags, 'positionals'>]: Flags[Name] } & {
  readonly positionals: string[]
}

const NO_FLAGS = {
  conf: undefined,
  dnsPort: undefined,
  pidfile: undefined,
  plugins: false,
  quiet: false,
  version: false,
  help: false,
}

const SWITCHES = { plugins: 'plugins', quiet: 'quiet', version: 'version', h: 'help', help: 'help' } as const

/** Flags with a value, and how each is kept. An empty value counts as none. */
const SETTERS: Readonly<Record<string, (flags: MutableFlags, value: string, name: string) => void>> = {
  conf: (flags, value) => (flags.conf = value === '' ? undefined : value),
  pidfile: (flags, value) => (flags.pidfile = value === '' ? undefined : value),
  'dns.port': (flags, value, name) => (flags.dnsPort = parsePort(value, name)),
  p: (flags, value, name) => (flags.dnsPort = parsePort(value, name)),
}

/** Words of Go's strconv.ParseBool. */
const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False'])

/** Takes the flag's value off `rest` where it stands there. */
function readFlag(word: string, rest: string[], flags: MutableFlags): void {
  const [, name = '', inline] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? []
  if (isSwitch(name)) {
    flags[SWITCHES[name]] = inline === undefined || parseBoolean(inline, name)
    return
  }
  const set = Object.hasOwn(SETTERS, name) ? SETTERS[name] : undefined
  if (set === undefined) throw unknownFlag(word, name)
  const value = inline ?? rest.shift()
  if (value === undefined)
    throw new FlagError('SLICEDNS_FLAG_VALUE', `flag -${name} needs a value: -${name} VALUE`)
  set(flags, value, name)
}

function isSwitch(name: string): name is keyof typeof SWITCHES {
  return Object.hasOwn(SWITCHES, name)
}

function parseBoolean(text: string, name: string): boolean {
  if (TRUE.has(text)) return true
  if (FALSE.has(text)) return false
  throw new FlagError(
    'SLICEDNS_FLAG_VALUE',
    `flag -${name} is a switch: write -${name}, or -${name}=false, not ${show(text)}`,
  )
}

function parsePort(text: string, name: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity
  if (port <= 65_535) return port
  throw new FlagError('SLICEDNS_FLAG_VALUE', `flag -${name} needs a port from 0 to 65535, not ${show(text)}`)
}

function unknownFlag(word: string, name: string): FlagError {
  const known = [...Object.keys(SETTERS), ...Object.keys(SWITCHES)]
  const suggestion = didYouMean(name, known)?.replace('"', '"-')
  const list = known.map((flag) => `-${flag}`).join(' ')
  return new FlagError(
    'SLICEDNS_FLAG_UNKNOWN',
    `unknown flag ${show(word)}: ${suggestion ?? `there are ${list}`}`,
  )
}

/** On one line, and short. */
function show(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
