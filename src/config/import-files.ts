import { dirname, isAbsolute, join } from 'node:path'
import { ConfigError, quoted } from './config-error.ts'
import type { Position } from './corefile.ts'

/**
 * The files that an import names, relative to the file that asks; in order of name where it is a pattern, which may match
 * none. As in CoreDNS a pattern holds at most one `*` and one `?`. Throws a ConfigError.
 */
export function filesOfImport(
  target: string,
  position: Position,
  glob: (pattern: string) => readonly string[],
): readonly string[] {
  const path = isAbsolute(target) ? target : join(dirname(position.file), target)
  if (!isPattern(path)) return [path]
  if (/\[|\*.*\*|\?.*\?/s.test(path)) {
    throw new ConfigError({
      code: 'SLICEDNS_CONFIG_IMPORT_PATTERN',
      message: `import pattern ${quoted(target)} has more than one wildcard`,
      position,
      hint: 'at most one * and one ?, and no [ ]',
    })
  }
  try {
    return glob(path).toSorted()
  } catch (error) {
    throw new ConfigError({
      code: 'SLICEDNS_CONFIG_IMPORT_UNREADABLE',
      message: `cannot look for ${quoted(path)}: ${error instanceof Error ? error.message : 'it cannot be read'}`,
      position,
    })
  }
}

function isPattern(path: string): boolean {
  return /[*?[]/.test(path)
}
