import type { Position } from './corefile.ts'

/** Source text of every file that was read, by its path. */
export type Sources = ReadonlyMap<string, string>

interface ConfigErrorParts {
  readonly code: `SLICEDNS_CONFIG_${string}`
  /** What is wrong, without place and remedy. */
  readonly message: string
  readonly position: Position
  /** How to mend it. */
  readonly hint?: string | undefined
}

/**
 * Something in a Corefile that cannot be served. `code` is stable and stands in docs/errors.md. The message says where,
 * what and how to mend; `withSourceLine` adds the line itself.
 */
export class ConfigError extends Error {
  readonly code: `SLICEDNS_CONFIG_${string}`
  readonly position: Position
  /** What is wrong, without place and remedy. */
  readonly what: string
  readonly hint: string | undefined

  constructor({ code, message, position, hint: remedy }: ConfigErrorParts) {
    const what = sentence(message)
    const hint = remedy === undefined ? undefined : sentence(remedy)
    super(oneLine({ position, what, hint }))
    this.name = 'ConfigError'
    this.code = code
    this.position = position
    this.what = what
    this.hint = hint
  }
}

/** The error as people read it: place and fault, the line, a caret under the place with the remedy. */
export function describeConfigError(error: ConfigError, sources: Sources): string {
  const { file, line, column } = error.position
  const text = sources.get(file)?.split('\n')[line - 1]
  if (text === undefined || text.trim() === '') return oneLine(error)
  const { shown, caretColumn } = excerpt(text, column)
  const caret = `${' '.repeat(caretColumn)}^${error.hint === undefined ? '' : ` ${error.hint}`}`
  return `${headline(error.position, error.what)}\n    ${shown}\n    ${caret}`
}

/** The error on one line, without the line of the source. */
export function configErrorLine(error: ConfigError): string {
  return oneLine(error)
}

/** Runs `work`; the message of a ConfigError it throws then shows the source line. Other errors pass. */
export function withSourceLine<T>(sources: Sources, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ConfigError) error.message = describeConfigError(error, sources)
    throw error
  }
}

/** The same for work that is under way. */
export async function withSourceLineLater<T>(sources: Sources, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    return withSourceLine(sources, () => {
      throw error
    })
  }
}

/** A word of the configuration in quotes, short and on one line whatever it holds. */
export function quoted(text: string): string {
  return `"${printable(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text)}"`
}

const MAX_QUOTED = 60
/** Units of what is said of a fault. A list of all directives has 450. */
const MAX_SENTENCE = 700
/** Units of a long line shown on either side of the place. */
const CONTEXT_UNITS = 70

/** On one line, and no longer than a person reads, whatever it quotes. */
function sentence(text: string): string {
  return printable(text.length > MAX_SENTENCE ? `${text.slice(0, MAX_SENTENCE)}…` : text)
}

function oneLine({ position, what, hint }: Pick<ConfigError, 'position' | 'what' | 'hint'>): string {
  return `${headline(position, what)}${hint === undefined ? '' : `; ${hint}`}`
}

function headline({ file, line, column }: Position, what: string): string {
  return `${file}:${line}:${column}: ${what}`
}

/** The line without its indentation, cut around the place where it is long, and the caret's distance from its start. */
function excerpt(text: string, column: number): { shown: string; caretColumn: number } {
  const place = column - 1
  const indent = text.length - text.trimStart().length
  const start = Math.max(Math.min(indent, place), place - CONTEXT_UNITS)
  const end = Math.min(text.length, place + CONTEXT_UNITS)
  const before = start > indent ? '…' : ''
  const after = end < text.length ? '…' : ''
  const shown = `${before}${printable(text.slice(start, end)).trimEnd()}${after}`
  return { shown, caretColumn: before.length + place - start }
}

/** Control and format characters would move the cursor of a terminal, or forge a line of the log. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
}
