import { ConfigError, quoted } from './config-error.ts'
import type { Position } from './corefile.ts'
import type { Token } from './lexer.ts'
import { lex } from './lexer.ts'

/** UTF-16 units of all files of one configuration together. A thousand times the usual; keeps memory bounded. */
export const MAX_TEXT_LENGTH = 8 * 1024 * 1024

/** The files of one configuration: each is read and divided into words once. */
export class SourceFiles {
  /** Text by path, without a byte order mark. */
  readonly sources = new Map<string, string>()
  readonly #tokens = new Map<string, readonly Token[]>()
  readonly #readFile: (path: string) => string
  #totalLength = 0

  constructor(readFile: (path: string) => string) {
    this.#readFile = readFile
  }

  /** The words of a text that is already at hand. Throws a ConfigError. */
  add(path: string, text: string, importedAt: Position): readonly Token[] {
    const source = text.replace(/^\uFEFF/, '')
    this.#totalLength += source.length
    this.sources.set(path, this.#totalLength > MAX_TEXT_LENGTH ? '' : source)
    if (this.#totalLength > MAX_TEXT_LENGTH) {
      throw new ConfigError({
        code: 'SLICEDNS_CONFIG_TOO_LARGE',
        message: `the configuration is above ${MAX_TEXT_LENGTH} characters with ${quoted(path)}`,
        position: importedAt,
      })
    }
    const tokens = lex(source, path)
    this.#tokens.set(path, tokens)
    return tokens
  }

  /** The words of a file, which `importedAt` asks for. Throws a ConfigError, also where the file cannot be read. */
  read(path: string, importedAt: Position, notFoundHint: () => string): readonly Token[] {
    const known = this.#tokens.get(path)
    if (known !== undefined) return known
    return this.add(path, this.#readText(path, importedAt, notFoundHint), importedAt)
  }

  #readText(path: string, position: Position, notFoundHint: () => string): string {
    try {
      return this.#readFile(path)
    } catch (error) {
      if (isNotFound(error)) {
        const message = `file to import not found: ${quoted(path)}`
        throw new ConfigError({
          code: 'SLICEDNS_CONFIG_IMPORT_NOT_FOUND',
          message,
          position,
          hint: notFoundHint(),
        })
      }
      const message = `cannot import ${quoted(path)}: ${error instanceof Error ? error.message : 'it cannot be read'}`
      throw new ConfigError({ code: 'SLICEDNS_CONFIG_IMPORT_UNREADABLE', message, position })
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
