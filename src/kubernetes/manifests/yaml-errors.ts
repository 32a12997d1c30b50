import type { YamlFault } from './yaml.ts'

/**
 * All faults of a text that `parseYaml` could not read, in their order. The slower parser finds several and explains them
 * better; it is loaded only now (15 MB). Text longer than 32 kB it does not get: there are texts for which it takes seconds.
 */
export async function findYamlFaults(text: string, first: YamlFault): Promise<readonly YamlFault[]> {
  if (text.length > maxLength) return [first]
  const { parseAllDocuments } = await import('yaml')
  try {
    const errors = parseAllDocuments(text, { prettyErrors: false, version: '1.1', merge: true }).flatMap(
      (document) => document.errors,
    )
    if (errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return [first]
    const faults = errors.map((error) => ({
      reason: explain(error.code, error.message),
      offset: error.pos[0],
    }))
    return faults.length === 0 ? [first] : onePerLine(text, faults).slice(0, maxFaults)
  } catch {
    // Deep nesting overflows that parser's stack.
    return [first]
  }
}

const maxLength = 32 * 1024
const maxFaults = 10

/** What follows on the same line is mostly a consequence of the first. */
function onePerLine(text: string, faults: readonly YamlFault[]): YamlFault[] {
  const kept: YamlFault[] = []
  for (const fault of faults) {
    const last = kept.at(-1)
    if (last === undefined || text.slice(last.offset, fault.offset).includes('\n')) kept.push(fault)
  }
  return kept
}

function explain(code: string, message: string): string {
  const hint = hints.get(code)
  return hint === undefined ? message : `${message} (${hint})`
}

const hints: ReadonlyMap<string, string> = new Map([
  ['TAB_AS_INDENT', 'indent with spaces'],
  ['BAD_INDENT', 'align it with its neighbours'],
  ['DUPLICATE_KEY', 'keep one of the two'],
  ['MISSING_CHAR', 'close what is open'],
])
