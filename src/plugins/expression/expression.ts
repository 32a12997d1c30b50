import { ConfigError, quoted } from '../../config/config-error.ts'
import type { Argument } from '../../config/corefile.ts'
import type { Query } from '../../zone/responder.ts'
import type { MetadataSource } from '../plugin.ts'
import { Regexp } from '../regexp/regexp.ts'
import { RegexpSyntaxError } from '../regexp/parse-regexp.ts'
import { FUNCTIONS } from './functions.ts'
import type { Value } from './functions.ts'

/** A condition on a query. */
export type Condition = (query: Query) => boolean

/** A part of one. */
type Term = (query: Query) => Value

/**
 * The condition that the words behind `expr` mean, in the part of the language of expr-lang.org that speaks of queries:
 * functions, strings, numbers, lists, `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `matches`, `contains`, `startsWith`, `endsWith`,
 * `&&`, `||`, `!` (also `and`, `or`, `not`) and parentheses. `metadata` is what `metadata('…')` asks. Throws a ConfigError.
 */
export function parseCondition(words: readonly Argument[], metadata: MetadataSource): Condition {
  const text = words.map((word) => word.text).join(' ')
  try {
    const term = new Parser(text, metadata).parse()
    return (query) => term(query) === true
  } catch (error) {
    if (!(error instanceof ExpressionError || error instanceof RegexpSyntaxError)) throw error
    throw new ConfigError({
      code: 'SLICEDNS_CONFIG_EXPRESSION',
      message: `the expression ${quoted(text)} ${error.message}`,
      position: words[0]?.position ?? { file: '', line: 0, column: 0 },
      hint: `there are ${[...FUNCTIONS.keys()].join('(), ')}(): write one such as type() == 'A' && incidr(client_ip(), '10.0.0.0/8')`,
    })
  }
}

/** What is wrong with an expression; `message` continues "the expression …". */
class ExpressionError extends Error {}

/** Parts within each other. */
const MAX_DEPTH = 50

const TOKEN =
  /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(&&|\|\||[=!<>]=|[<>!()[\],]))/y

class Parser {
  readonly #tokens: readonly Token[]
  readonly #metadata: MetadataSource
  #at = 0
  #depth = 0

  constructor(text: string, metadata: MetadataSource) {
    this.#tokens = tokensOf(text)
    this.#metadata = metadata
  }

  parse(): Term {
    const term = this.#or()
    const rest = this.#tokens[this.#at]
    if (rest !== undefined) throw new ExpressionError(`has ${quoted(rest.text)} where it could end`)
    return term
  }

  #or(): Term {
    if (++this.#depth > MAX_DEPTH)
      throw new ExpressionError(`has more than ${MAX_DEPTH} parts within each other`)
    let term = this.#and()
    while (this.#take('||', 'or')) {
      const [left, right] = [term, this.#and()]
      term = (query) => left(query) === true || right(query) === true
    }
    this.#depth--
    return term
  }

  #and(): Term {
    let term = this.#not()
    while (this.#take('&&', 'and')) {
      const [left, right] = [term, this.#not()]
      term = (query) => left(query) === true && right(query) === true
    }
    return term
  }

  #not(): Term {
    let isNegated = false
    while (this.#take('!', 'not')) isNegated = !isNegated
    const term = this.#comparison()
    return isNegated ? (query) => term(query) !== true : term
  }

  #comparison(): Term {
    const left = this.#operand()
    if (this.#take('matches')) return this.#matches(left)
    const isNegated = this.#take('not')
    const operator = this.#tokens[this.#at]?.text ?? ''
    const compare = COMPARISONS.get(operator)
    if (compare === undefined) {
      if (isNegated) throw new ExpressionError('has "not" without an operator behind it')
      return left
    }
    this.#at++
    const right = this.#operand()
    return (query) => compare(left(query), right(query)) !== isNegated
  }

  /** The pattern is compiled once. */
  #matches(left: Term): Term {
    const token = this.#next()
    if (token.kind !== 'string') throw new ExpressionError('needs a pattern in quotes behind "matches"')
    const regexp = new Regexp(token.text)
    return (query) => regexp.match(String(left(query))) !== undefined
  }

  #operand(): Term {
    const token = this.#next()
    const { kind, text } = token
    if (kind === 'string') return () => text
    if (kind === 'number') return () => Number(text)
    if (text === 'true' || text === 'false') return () => text === 'true'
    if (text === '(') return this.#closed(this.#or(), ')')
    if (text === '[') {
      const items = this.#list(']')
      return (query) => items.map((item) => item(query))
    }
    const call = FUNCTIONS.get(text)
    if (kind !== 'word' || call === undefined)
      throw new ExpressionError(`has ${quoted(text)}, which is not known here`)
    if (!this.#take('(')) throw new ExpressionError(`lacks parentheses behind ${quoted(text)}`)
    const args = this.#list(')')
    if (args.length !== call.argumentCount)
      throw new ExpressionError(`gives ${text}() ${args.length} arguments; it takes ${call.argumentCount}`)
    return (query) => {
      const values = args.map((argument) => argument(query))
      return call.run(query, values, this.#metadata)
    }
  }

  /** Up to the closing token, which is taken too. */
  #list(close: string): readonly Term[] {
    const terms: Term[] = []
    while (!this.#take(close)) {
      if (terms.length > 0 && !this.#take(',')) throw new ExpressionError(`lacks a comma or ${quoted(close)}`)
      terms.push(this.#or())
    }
    return terms
  }

  #closed(term: Term, close: string): Term {
    if (!this.#take(close)) throw new ExpressionError(`lacks ${quoted(close)}`)
    return term
  }

  #take(...texts: readonly string[]): boolean {
    const token = this.#tokens[this.#at]
    if (token === undefined || token.kind === 'string' || !texts.includes(token.text)) return false
    this.#at++
    return true
  }

  #next(): Token {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new ExpressionError('ends too early')
    return token
  }
}

const COMPARISONS = new Map<string, (left: Value, right: Value) => boolean>([
  ['==', (left, right) => left === right],
  ['!=', (left, right) => left !== right],
  ['<', (left, right) => left < right],
  ['<=', (left, right) => left <= right],
  ['>', (left, right) => left > right],
  ['>=', (left, right) => left >= right],
  ['in', (left, right) => Array.isArray(right) && right.includes(left)],
  ['contains', (left, right) => String(left).includes(String(right))],
  ['startsWith', (left, right) => String(left).startsWith(String(right))],
  ['endsWith', (left, right) => String(left).endsWith(String(right))],
])

interface Token {
  readonly kind: 'string' | 'number' | 'word' | 'sign'
  /** Of a string without quotes, escapes read. */
  readonly text: string
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at
    const [, string, number, word, sign] = TOKEN.exec(text) ?? []
    if (string !== undefined)
      tokens.push({ kind: 'string', text: string.slice(1, -1).replaceAll(/\\(.)/g, '$1') })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else throw new ExpressionError(`has ${quoted(text.slice(at).trim())}, which is not known here`)
  }
  return tokens
}
