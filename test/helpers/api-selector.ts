/**
 * Whether labels satisfy a label selector: terms joined by commas, each `key`, `!key`, `key=value`, `key==value`,
 * `key!=value`, `key in (a,b)` or `key notin (a,b)`. Source: Kubernetes "Labels and Selectors".
 */
export function matchesLabels(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return terms(selector).every((term) => matchesTerm(term, (key) => labels[key]))
}

/** Whether an object satisfies a field selector such as `status.phase!=Failed`; a field that is absent is empty. */
export function matchesFields(object: unknown, selector: string): boolean {
  return terms(selector).every((term) => matchesTerm(term, (path) => fieldOf(object, path)))
}

/** Splits at the commas that stand outside parentheses. */
function terms(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
}

function matchesTerm(term: string, valueOf: (key: string) => string | undefined): boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term)
  if (set !== null) {
    const [, key = '', operator, list = ''] = set
    const value = valueOf(key)
    const listed = value !== undefined && list.split(',').some((item) => item.trim() === value)
    return listed === (operator === 'in')
  }
  const equality = /^([^!=\s]+)\s*(==?|!=)\s*(.*)$/.exec(term)
  if (equality !== null) {
    const [, key = '', operator, wanted] = equality
    return (valueOf(key) === wanted) === (operator !== '!=')
  }
  return term.startsWith('!') ? valueOf(term.slice(1)) === undefined : valueOf(term) !== undefined
}

function fieldOf(object: unknown, path: string): string {
  let value = object
  for (const field of path.split('.')) value = isRecord(value) ? value[field] : undefined
  return typeof value === 'string' ? value : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
