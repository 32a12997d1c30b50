import { readFile } from 'node:fs/promises'

import { CredentialsError } from './credentials.ts'

/** A file that may be replaced at any time. Where it cannot be read, what it last held counts. */
export class LastingFile {
  readonly path: string
  #text: string | undefined

  constructor(path: string) {
    this.path = path
  }

  /** Rejects with CredentialsError where it could never be read. */
  async read(): Promise<string> {
    try {
      const text = await readFile(this.path, 'utf8')
      // While it is being written it may be empty.
      if (text.trim() !== '' || this.#text === undefined) this.#text = text
    } catch (error) {
      if (this.#text === undefined) throw unreadable(this.path, error)
    }
    return this.#text
  }
}

function unreadable(path: string, error: unknown): CredentialsError {
  const why = error instanceof Error ? error.message : String(error)
  return new CredentialsError(
    'SLICEDNS_API_CREDENTIALS_FILE',
    `Cannot read ${path}: ${why}; put it there, or let this user read it`,
    error,
  )
}
