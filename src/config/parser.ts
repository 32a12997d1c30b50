import { ConfigError, quoted, withSourceLine } from './config-error.ts'
import type { Argument, Corefile, Directive, Position, ServerBlock, ServerKey } from './corefile.ts'
import type { Token } from './lexer.ts'
import { parseServerKey } from './server-key.ts'
import { defineSnippet, snippetName } from './snippet.ts'
import { SourceFiles } from './source-files.ts'
import { neverClosed, strayBrace, syntaxError } from './syntax-error.ts'
import type { CorefileContext } from './token-stream.ts'
import { isBrace, TokenStream } from './token-stream.ts'

/** Braces within braces, the server block's included. No directive needs more than two. */
const MAX_NESTING = 20
/** Zones of all server blocks together; keeps memory bounded. */
const MAX_ZONES = 100_000

/**
 * Reads a Corefile, its imports and snippets (corefile(5), coredns-import(7)):
 *
 *     KEY [KEY…] {          keys end with their line, or go on after a comma
 *         DIRECTIVE [ARGUMENT…] [{
 *             DIRECTIVE…
 *         }]
 *     }
 *     (SNIPPET) { … }       used by `import SNIPPET` below it
 *
 * Braces may be left out where there is one server block. Directives are not looked up: see `checkDirectives`. Throws a
 * ConfigError, whose message shows the line; nothing else, whatever the text, the files and the callbacks do.
 */
export function parseCorefile(text: string, context: CorefileContext): Corefile {
  const files = new SourceFiles((path) => context.readFile(path))
  return withSourceLine(files.sources, () => {
    const stream = new TokenStream(text, context, files)
    const parser: Parser = { stream, zoneCount: 0 }
    const serverBlocks: ServerBlock[] = []
    while (stream.peek() !== undefined) {
      const block = parseTopLevel(parser)
      if (block !== undefined) serverBlocks.push(block)
    }
    if (serverBlocks.length === 0) throw noServerBlock(context.file)
    return {
      serverBlocks,
      files: [...files.sources.keys()],
      sources: files.sources,
      warnings: stream.warnings,
    }
  })
}

interface Parser {
  readonly stream: TokenStream
  /** Of all server blocks so far. */
  zoneCount: number
}

/** A server block; undefined for the definition of a snippet, and for a block whose keys are all empty. */
function parseTopLevel(parser: Parser): ServerBlock | undefined {
  const { stream } = parser
  const first = stream.peek()
  if (first === undefined) return undefined
  const keys = readKeys(parser)
  const snippet = snippetName(keys)
  if (snippet !== undefined) {
    defineSnippet(stream, snippet, first.position)
    return undefined
  }
  const brace = stream.peek()
  const opened = brace !== undefined && isBrace(brace, '{') ? stream.next() : undefined
  const directives = parseDirectives(parser, opened?.position, 1)
  if (keys.length === 0) {
    const { file, line, column } = first.position
    stream.warnings.push(
      `${file}:${line}:${column}: a server block is left out: the variables in its keys are unset`,
    )
    return undefined
  }
  return { keys: keys.map((key) => parseKey(parser, key)), directives, position: first.position }
}

function parseKey(parser: Parser, { text, position }: Argument): ServerKey {
  const key = parseServerKey(text, position)
  parser.zoneCount += key.zones.length
  if (parser.zoneCount <= MAX_ZONES) return key
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_TOO_LARGE',
    message: `more than ${MAX_ZONES} zones`,
    position,
    hint: 'a CIDR whose prefix ends between two labels of the reverse name stands for up to 128 zones',
  })
}

/** Words up to the opening brace or the end of the line; a comma carries on to the next line. */
function readKeys({ stream }: Parser): readonly Argument[] {
  const keys: Argument[] = []
  let comma: Position | undefined
  for (let isFirst = true; ; isFirst = false) {
    const token = stream.peek()
    if (token !== undefined && isBrace(token, '}')) throw strayBrace(token)
    if (token === undefined || isBrace(token, '{') || (token.startsLine && comma === undefined && !isFirst)) {
      if (comma !== undefined) throw keyMissingAfter(comma)
      if (token !== undefined && isFirst) throw missingKey(token)
      return keys
    }
    stream.next()
    const text = stream.expand(token)
    comma = text.endsWith(',') ? token.position : undefined
    const key = comma === undefined ? text : text.slice(0, -1)
    if (key !== '') keys.push({ text: key, position: token.position })
  }
}

/** Lines up to the closing brace, or without an opening one to the end of the text. */
function parseDirectives(
  parser: Parser,
  opened: Position | undefined,
  nesting: number,
): readonly Directive[] {
  const directives: Directive[] = []
  for (;;) {
    const token = parser.stream.peek()
    if (token === undefined) {
      if (opened !== undefined) throw neverClosed(opened)
      return directives
    }
    if (isBrace(token, '}')) {
      if (opened === undefined) throw strayBrace(token)
      parser.stream.next()
      return directives
    }
    directives.push(parseDirective(parser, token, nesting))
  }
}

function parseDirective(parser: Parser, first: Token, nesting: number): Directive {
  const { stream } = parser
  const { position } = first
  if (isBrace(first, '{')) {
    throw syntaxError(
      'SLICEDNS_CONFIG_BRACE',
      'an opening brace without a directive',
      position,
      'put { at the end of the line above',
    )
  }
  stream.next()
  const name = stream.expand(first)
  if (name === '') {
    throw syntaxError(
      'SLICEDNS_CONFIG_EMPTY_WORD',
      'a directive with an empty name',
      position,
      'an unset variable counts as empty',
    )
  }
  const args: Argument[] = []
  for (;;) {
    const token = stream.peek()
    if (token === undefined || token.startsLine || isBrace(token, '}'))
      return { name, position, args, block: [] }
    stream.next()
    if (isBrace(token, '{')) return { name, position, args, block: parseBlock(parser, token, nesting) }
    args.push({ text: stream.expand(token), position: token.position })
  }
}

/** What the braces of a directive hold; nothing may follow them on their line. */
function parseBlock(parser: Parser, brace: Token, nesting: number): readonly Directive[] {
  if (nesting >= MAX_NESTING) {
    throw syntaxError(
      'SLICEDNS_CONFIG_BRACE',
      `more than ${MAX_NESTING} braces within each other`,
      brace.position,
    )
  }
  const block = parseDirectives(parser, brace.position, nesting + 1)
  const after = parser.stream.peek()
  if (after !== undefined && !after.startsLine && !isBrace(after, '}')) {
    const message = `${quoted(after.text)} after a closing brace`
    throw syntaxError('SLICEDNS_CONFIG_BRACE', message, after.position, 'put it on a line of its own')
  }
  return block
}

function noServerBlock(file: string): ConfigError {
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_EMPTY',
    message: 'no server block',
    position: { file, line: 1, column: 1 },
    hint: 'write one, such as ".:53 { forward . /etc/resolv.conf }"',
  })
}

function keyMissingAfter(comma: Position): ConfigError {
  return syntaxError('SLICEDNS_CONFIG_KEYS', 'another key must follow the comma', comma, 'remove the comma')
}

function missingKey(token: Token): ConfigError {
  return syntaxError(
    'SLICEDNS_CONFIG_KEYS',
    'a server block without a key',
    token.position,
    'write its zone first, such as "." for all names',
  )
}
