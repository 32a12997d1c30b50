import { globSync, readFileSync } from 'node:fs'

import type { Corefile } from '../config/corefile.ts'
import { parseCorefile } from '../config/parser.ts'
import { StartError, systemReason } from './start-error.ts'

/** Reads a Corefile and what it imports. Throws a ConfigError, or a StartError where the file itself cannot be read. */
export function readCorefile(path: string): Corefile {
  const text = readText(path)
  // What follows would show octets that no terminal should get.
  if (text.includes('\0')) {
    const message = `Cannot read the Corefile ${JSON.stringify(path)}: it is no text; name another with -conf`
    throw new StartError('SLICEDNS_COREFILE_MISSING', message)
  }
  return corefileFromText(text, path)
}

/** The same for a text that stands in no file; `file` is what errors call it, and what imports are relative to. */
export function corefileFromText(text: string, file: string): Corefile {
  return parseCorefile(text, {
    file,
    env: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
    glob: (pattern) => globSync(pattern).toSorted(),
  })
}

function readText(path: string): string {
  try {
    return path === 'stdin' ? readFileSync(0, 'utf8') : readFileSync(path, 'utf8')
  } catch (error) {
    const message =
      `Cannot read the Corefile ${JSON.stringify(path)}: ${systemReason(error)}; ` +
      'name another with -conf, or serve a folder of manifests: slicedns FOLDER'
    throw new StartError('SLICEDNS_COREFILE_MISSING', message, error)
  }
}
