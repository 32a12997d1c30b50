import { quoted } from './config-error.ts'
import type { Argument, Position } from './corefile.ts'
import type { Token } from './lexer.ts'
import { neverClosed, syntaxError } from './syntax-error.ts'
import type { TokenStream } from './token-stream.ts'
import { isBrace } from './token-stream.ts'

/** The name where the keys are those of a snippet: one, in parentheses. */
export function snippetName(keys: readonly Argument[]): string | undefined {
  const [key, ...others] = keys
  if (key === undefined || others.length > 0) return undefined
  return /^\((.*)\)$/s.exec(key.text)?.[1]
}

/** Keeps the words between the braces for later; they are read where the snippet is imported. Throws a ConfigError. */
export function defineSnippet(stream: TokenStream, name: string, position: Position): void {
  const label = `snippet ${quoted(name)}`
  if (name === '')
    throw syntaxError('SLICEDNS_CONFIG_SNIPPET', 'a snippet without a name', position, 'write (name) {')
  if (stream.snippets.has(name)) {
    throw syntaxError(
      'SLICEDNS_CONFIG_SNIPPET',
      `${label} is defined twice`,
      position,
      'rename or remove one of them',
    )
  }
  const brace = stream.next()
  if (brace === undefined || !isBrace(brace, '{')) {
    throw syntaxError('SLICEDNS_CONFIG_SNIPPET', `${label} has no body`, position, `write (${name}) { … }`)
  }
  const body: Token[] = []
  for (let nesting = 1; ;) {
    const token = stream.nextRaw()
    if (token === undefined) throw neverClosed(brace.position)
    if (isBrace(token, '{')) nesting++
    if (isBrace(token, '}') && --nesting === 0) break
    body.push(body.length === 0 ? { ...token, startsLine: true } : token)
  }
  stream.snippets.set(name, body)
}
