import { ConfigError, quoted } from '../../config/config-error.ts'
import type { Argument } from '../../config/corefile.ts'

/** What a template may speak of. */
export interface TemplateData {
  /** Lower case. */
  readonly name: string
  readonly zone: string
  readonly type: string
  readonly class: string
  /** The pattern that matched. */
  readonly regex: string
  /** The whole match, then each group. */
  readonly match: readonly string[]
  /** By number and by name. */
  readonly group: ReadonlyMap<string, string>
  /** The client's address. */
  readonly remote: string
  /** What the `metadata` of the block has under a label; undefined for nothing. */
  readonly meta: (label: string) => string | undefined
}

export interface Template {
  /** As it is written. */
  readonly text: string
  /** Fills it in. Undefined where it speaks of a group or a number that is not there. */
  readonly fill: (data: TemplateData) => string | undefined
}

/** The part of an action that has a value. */
type Value = (data: TemplateData) => string | number | undefined

/**
 * The template that an argument means: text with actions `{{ … }}` in the language of Go's text/template, of which the
 * part that names and addresses need is there: fields, `index` of groups, `parseInt`, `.Meta`, strings and numbers. Throws
 * a ConfigError that names anything else.
 */
export function templateArgument(argument: Argument): Template {
  const parts = splitActions(argument)
  return { text: argument.text, fill: (data) => fill(parts, data) }
}

function fill(parts: readonly (string | Value)[], data: TemplateData): string | undefined {
  let text = ''
  for (const part of parts) {
    const value = typeof part === 'string' ? part : part(data)
    if (value === undefined) return undefined
    text += String(value)
  }
  return text
}

function splitActions(argument: Argument): readonly (string | Value)[] {
  const { text } = argument
  const parts: (string | Value)[] = []
  let at = 0
  // `{{- ` and ` -}}` take away the space before and behind.
  for (const match of text.matchAll(
    /(\s*)\{\{(- )?((?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^}]|\}(?!\}))*?)( -)?\}\}(\s*)/g,
  )) {
    const [whole, before = '', trimsBefore, action = '', trimsBehind, behind = ''] = match
    parts.push(text.slice(at, match.index) + (trimsBefore === undefined ? before : ''))
    if (!/^\s*\/\*[^]*\*\/\s*$/.test(action)) parts.push(new ActionParser(action, argument).parse())
    if (trimsBehind === undefined) parts.push(behind)
    at = match.index + whole.length
  }
  const rest = text.slice(at)
  if (rest.includes('{{')) throw templateError(argument, 'has "{{" without "}}"')
  parts.push(rest)
  return parts
}

const TOKEN = /\s*(?:(\.[A-Za-z_][\w.]*)|("(?:[^"\\]|\\.)*"|`[^`]*`)|(-?\d+)|([A-Za-z]\w*)|(\(|\)|\S))/y

/** Reads one action: an operand, or a function and its operands. */
class ActionParser {
  readonly #action: string
  readonly #argument: Argument
  #at = 0

  constructor(action: string, argument: Argument) {
    this.#action = action
    this.#argument = argument
  }

  parse(): Value {
    const value = this.#call()
    if (this.#action.slice(this.#at).trim() !== '') throw this.#unknown()
    return value
  }

  #call(): Value {
    const start = this.#at
    const [, field, , , word] = this.#next()
    if (field === '.Meta') return this.#meta()
    if (word === 'index') return this.#index()
    if (word === 'parseInt') return this.#parseInt()
    if (word !== undefined) throw this.#unknown()
    this.#at = start
    return this.#operand()
  }

  /** `index .Match 1` or `index .Group "name"`. */
  #index(): Value {
    const [, field] = this.#next()
    const key = this.#operand()
    if (field === '.Match') return (data) => data.match[Number(key(data))]
    if (field === '.Group') return (data) => data.group.get(String(key(data)))
    throw this.#unknown()
  }

  /** `.Meta "LABEL"`. */
  #meta(): Value {
    const label = this.#operand()
    return (data) => data.meta(String(label(data))) ?? ''
  }

  /** `parseInt TEXT BASE BITS`. */
  #parseInt(): Value {
    const operands = [this.#operand(), this.#operand(), this.#operand()]
    return (data) => {
      const [text, base, bits] = operands.map((operand) => operand(data))
      return parseUint(String(text), Number(base), Number(bits))
    }
  }

  #operand(): Value {
    const [, field, string, number, , symbol] = this.#next()
    if (field !== undefined) return this.#field(field)
    if (number !== undefined) return () => Number(number)
    if (string !== undefined) {
      const text = string.slice(1, -1)
      const literal = string.startsWith('`') ? text : text.replaceAll(/\\(["\\])/g, '$1')
      return () => literal
    }
    if (symbol !== '(') throw this.#unknown()
    const value = this.#call()
    const [, , , , , close] = this.#next()
    if (close !== ')') throw this.#unknown()
    return value
  }

  #field(field: string): Value {
    const group = /^\.Group\.(\w+)$/.exec(field)?.[1]
    if (group !== undefined) return (data) => data.group.get(group)
    const value = FIELDS.get(field)
    if (value === undefined) throw this.#unknown()
    return value
  }

  #next(): readonly (string | undefined)[] {
    TOKEN.lastIndex = this.#at
    const match = TOKEN.exec(this.#action)
    if (match === null) throw this.#unknown()
    this.#at = TOKEN.lastIndex
    return match
  }

  #unknown(): ConfigError {
    return templateError(this.#argument, `has the action {{${this.#action}}}, which is not known here`)
  }
}

const FIELDS = new Map<string, Value>([
  ['.Name', ({ name }) => name],
  ['.Zone', ({ zone }) => zone],
  ['.Type', ({ type }) => type],
  ['.Class', (data) => data.class],
  ['.Regex', ({ regex }) => regex],
  ['.Remote', ({ remote }) => remote],
  ['.Question.Name', ({ name }) => name],
])

/** A whole number without a sign in base 2 to 36, of at most `bits` bits. */
function parseUint(text: string, base: number, bits: number): number | undefined {
  if (base < 2 || base > 36 || bits < 1 || bits > 53) return undefined
  const number = Number.parseInt(text, base)
  if (Number.isNaN(number) || number >= 2 ** bits) return undefined
  // What parseInt reads stops at the first other character.
  return number.toString(base) === text.toLowerCase().replace(/^0+(?=.)/, '') ? number : undefined
}

function templateError({ text, position }: Argument, fault: string): ConfigError {
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_TEMPLATE',
    message: `the template ${quoted(text)} ${fault}`,
    position,
    hint: 'there are {{ .Name }} .Zone .Type .Class .Remote .Group.NAME, {{ .Meta "LABEL" }}, {{ index .Match 1 }} and {{ parseInt .Group.x 16 8 }}',
  })
}
