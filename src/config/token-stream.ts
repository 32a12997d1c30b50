import { normalize } from 'node:path'
import { ConfigError, quoted } from './config-error.ts'
import type { Position } from './corefile.ts'
import type { Environment } from './environment.ts'
import { replaceEnvironment } from './environment.ts'
import { filesOfImport } from './import-files.ts'
import type { Token } from './lexer.ts'
import { MAX_TOKENS } from './lexer.ts'
import { didYouMean } from './nearest-word.ts'
import type { SourceFiles } from './source-files.ts'
import { MAX_TEXT_LENGTH } from './source-files.ts'

/** Where a Corefile comes from and what it may ask for. Nothing else is read. */
export interface CorefileContext {
  /** Path of the Corefile: shown in errors, and what its imports are relative to. */
  readonly file: string
  readonly env: Environment
  /** The text of a file. Throws as node:fs does. */
  readFile(path: string): string
  /** The files that a pattern with `*` or `?` matches. */
  glob(pattern: string): readonly string[]
}

/** CoreDNS's limit (coredns-import(7)): snippets that each import another twice double with every step. */
const MAX_IMPORTS = 10_000
const MAX_IMPORT_DEPTH = 50

/** The words of a Corefile with those of its imports in their place. `next` and `peek` throw ConfigErrors. */
export class TokenStream {
  readonly snippets = new Map<string, readonly Token[]>()
  readonly warnings: string[] = []
  readonly #files: SourceFiles
  readonly #context: CorefileContext
  #frame: Frame | undefined
  #afterBrace = false
  #expandedLength = 0
  #imports = 0
  #tokens = 0

  constructor(text: string, context: CorefileContext, files: SourceFiles) {
    this.#context = context
    this.#files = files
    const tokens = files.add(context.file, text, { file: context.file, line: 1, column: 1 })
    const origin = `file ${normalize(context.file)}`
    this.#frame = { tokens, index: 0, origin, importedBy: undefined, returnTo: undefined, depth: 0 }
  }

  /** The next word, left in place. An `import` at the start of a statement is replaced by what it brings in. */
  peek(): Token | undefined {
    for (;;) {
      const token = this.#peekRaw()
      if (token === undefined || token.text !== 'import' || token.quoted) return token
      if (!token.startsLine && !this.#afterBrace) return token
      this.#import(this.nextRaw() ?? token)
    }
  }

  next(): Token | undefined {
    return this.peek() && this.nextRaw()
  }

  /** The next word as it stands, `import` not followed: the body of a snippet. */
  nextRaw(): Token | undefined {
    const token = this.#peekRaw()
    if (token === undefined || this.#frame === undefined) return undefined
    this.#frame.index++
    this.#afterBrace = isBrace(token, '{') || isBrace(token, '}')
    return token
  }

  /** The token's text with the environment variables in it replaced. Throws a ConfigError where they hold too much. */
  expand({ text, position }: Token): string {
    const expanded = replaceEnvironment(text, this.#context.env, MAX_TEXT_LENGTH - this.#expandedLength)
    if (expanded === undefined) {
      const message = 'the environment variables bring in too much'
      const hint = `the limit is ${MAX_TEXT_LENGTH} characters`
      throw streamError('SLICEDNS_CONFIG_TOO_LARGE', message, position, hint)
    }
    this.#expandedLength += Math.max(0, expanded.length - text.length)
    return expanded
  }

  #peekRaw(): Token | undefined {
    while (this.#frame !== undefined) {
      const token = this.#frame.tokens[this.#frame.index]
      if (token !== undefined) return token
      this.#frame = this.#frame.returnTo
    }
    return undefined
  }

  #import(word: Token): void {
    const importedBy = this.#frame
    const argument = this.#importArgument(word)
    const target = this.expand(argument)
    if (target === '') {
      throw streamError(
        'SLICEDNS_CONFIG_IMPORT_ARGUMENT',
        'import of an empty name',
        argument.position,
        'an unset variable counts as empty',
      )
    }
    const snippet = this.snippets.get(target)
    if (snippet !== undefined) {
      this.#push({ tokens: snippet, origin: `snippet ${target}`, position: argument.position, importedBy })
      return
    }
    this.#importFiles(target, argument.position, importedBy)
  }

  #importFiles(target: string, position: Position, importedBy: Frame | undefined): void {
    const files = filesOfImport(target, position, (pattern) => this.#context.glob(pattern))
    if (files.length === 0) {
      const { file, line, column } = position
      this.warnings.push(`${file}:${line}:${column}: no file matches the import pattern ${quoted(target)}`)
    }
    const notFoundHint = () =>
      didYouMean(target, this.snippets.keys()) ?? 'check the path; a snippet must stand above its import'
    // The last first: each returns to the one pushed before it.
    for (const file of files.toReversed()) {
      const tokens = this.#files.read(file, position, notFoundHint)
      this.#push({ tokens, origin: `file ${file}`, position, importedBy })
    }
  }

  #importArgument(word: Token): Token {
    const argument = this.#peekRaw()
    if (argument === undefined || argument.startsLine || isBrace(argument, '}')) {
      throw streamError(
        'SLICEDNS_CONFIG_IMPORT_ARGUMENT',
        'import of nothing',
        word.position,
        'name a snippet, a file or a pattern such as *.conf',
      )
    }
    this.nextRaw()
    const surplus = this.#peekRaw()
    if (surplus !== undefined && !surplus.startsLine && !isBrace(surplus, '}')) {
      const message = `import takes one argument, not also ${quoted(surplus.text)}`
      throw streamError(
        'SLICEDNS_CONFIG_IMPORT_ARGUMENT',
        message,
        surplus.position,
        'write an import line for each',
      )
    }
    return argument
  }

  #push({
    tokens,
    origin,
    position,
    importedBy,
  }: Omit<Frame, 'index' | 'returnTo' | 'depth'> & { position: Position }): void {
    for (let frame = importedBy; frame !== undefined; frame = frame.importedBy) {
      if (frame.origin === origin) {
        const message = `import cycle: ${origin} brings in itself`
        throw streamError('SLICEDNS_CONFIG_IMPORT_CYCLE', message, position, 'remove one of the imports')
      }
    }
    const depth = (importedBy?.depth ?? 0) + 1
    this.#imports++
    this.#tokens += tokens.length
    if (depth > MAX_IMPORT_DEPTH || this.#imports > MAX_IMPORTS || this.#tokens > MAX_TOKENS) {
      const limits = `${MAX_IMPORTS} imports, ${MAX_IMPORT_DEPTH} within each other, ${MAX_TOKENS} words`
      const hint = `the limits are ${limits}`
      throw streamError('SLICEDNS_CONFIG_TOO_LARGE', 'the imports bring in too much', position, hint)
    }
    this.#frame = { tokens, index: 0, origin, importedBy, returnTo: this.#frame, depth }
  }
}

/** Whether the token is that brace, not a word in quotes. */
export function isBrace(token: Token, brace: '{' | '}'): boolean {
  return token.text === brace && !token.quoted
}

/** A run of words: a file or a snippet at one place where it is imported. */
interface Frame {
  readonly tokens: readonly Token[]
  index: number
  /** `file path` or `snippet name`: what must not be found among its own importers. */
  readonly origin: string
  readonly importedBy: Frame | undefined
  /** Where reading goes on after the last word: the importer, or the next file of the same pattern. */
  readonly returnTo: Frame | undefined
  readonly depth: number
}

type Code = ConfigError['code']

function streamError(code: Code, message: string, position: Position, hint: string): ConfigError {
  return new ConfigError({ code, message, position, hint })
}
