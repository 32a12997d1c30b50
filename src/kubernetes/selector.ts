import { quoted } from '../config/config-error.ts'
import type { Labels } from './objects.ts'

/** Whether an object is meant, by its labels. */
export type LabelSelector = (labels: Labels) => boolean

/** A selector, or what is wrong with its text and how to mend it. */
export type ParsedSelector = { readonly matches: LabelSelector } | { readonly error: string }

/**
 * The label selector that a text means, as `kubectl -l` takes it (Kubernetes "Labels and Selectors"): requirements
 * separated by commas, each `key`, `!key`, `key=value`, `key==value`, `key!=value`, `key in (a,b)` or `key notin (a,b)`.
 * All must hold; an empty text selects everything. `!=` and `notin` hold for objects without the label.
 */
export function parseSelector(text: string): ParsedSelector {
  const selectors: LabelSelector[] = []
  for (const piece of requirementsOf(text)) {
    const parsed = parseRequirement(piece.trim())
    if ('error' in parsed) return { error: `${parsed.error} in label selector ${quoted(text)}` }
    selectors.push(parsed.matches)
  }
  return { matches: (labels) => selectors.every((matches) => matches(labels)) }
}

/** `key`, `!key`, `key op value` and `key in (values)`; the parts are checked afterwards. */
const EXISTENCE = /^(!?)\s*([^\s!=<>(),]+)$/
const EQUALITY = /^([^\s!=<>(),]+)\s*(=|==|!=)\s*([^\s!=<>(),]*)$/
const MEMBERSHIP = /^([^\s!=<>(),]+)\s+(in|notin)\s*\(([^()]*)\)$/

/** The pieces between commas that are not in parentheses. */
function requirementsOf(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.split(/,(?![^(]*\))/)
}

function parseRequirement(text: string): ParsedSelector {
  const existence = EXISTENCE.exec(text)
  if (existence !== null) {
    const [, negation, key = ''] = existence
    return requirement(key, [], (value) => (value === undefined) === (negation === '!'))
  }
  const equality = EQUALITY.exec(text)
  if (equality !== null) {
    const [, key = '', operator, wanted = ''] = equality
    return requirement(key, [wanted], (value) => (value === wanted) === (operator !== '!='))
  }
  const membership = MEMBERSHIP.exec(text)
  if (membership === null) {
    return {
      error: `${quoted(text)} is no requirement: write key, !key, key=value, key!=value, key in (a,b) or key notin (a,b)`,
    }
  }
  const [, key = '', operator, list = ''] = membership
  const wanted = new Set(list.split(',').map((value) => value.trim()))
  return requirement(
    key,
    wanted,
    (value) => (value !== undefined && wanted.has(value)) === (operator === 'in'),
  )
}

function requirement(
  key: string,
  values: Iterable<string>,
  holds: (value: string | undefined) => boolean,
): ParsedSelector {
  if (!isKey(key))
    return {
      error: `${quoted(key)} is no label key (letters, digits, "-", "_", ".", with an optional prefix/)`,
    }
  const wrong = [...values].find((value) => value !== '' && !NAME.test(value))
  if (wrong !== undefined)
    return { error: `${quoted(wrong)} is no label value (letters, digits, "-", "_", ".", at most 63)` }
  return { matches: (labels) => holds(Object.hasOwn(labels, key) ? labels[key] : undefined) }
}

/** The name of a label key, and a value that is not empty. */
const NAME = /^(?=.{1,63}$)[A-Za-z0-9](?:[-_.A-Za-z0-9]*[A-Za-z0-9])?$/
/** A DNS subdomain of RFC 1123. */
const PREFIX = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/

function isKey(key: string): boolean {
  const [name = '', prefix] = key.split('/').toReversed()
  return NAME.test(name) && (prefix === undefined || PREFIX.test(prefix)) && key.split('/').length <= 2
}
