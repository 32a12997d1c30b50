import { BrokenObject } from './broken-object.ts'

/** The member of an object; not given where the object is not, or where it is null. Like all here, throws `BrokenObject` for another type. */
export function memberOf(value: unknown, name: string): unknown {
  if (value === undefined || value === null) return undefined
  return isObject(value) ? (value[name] ?? undefined) : wrong(`${name} stands in what is no object`)
}

/** The text of a member, empty where it is not given. */
export function textOf(value: unknown, name: string): string {
  const text = memberOf(value, name) ?? ''
  return typeof text === 'string' ? text : wrong(`${name} is no text`)
}

/** The number of a member, 0 where it is not given. */
export function numberOf(value: unknown, name: string): number {
  const number = memberOf(value, name) ?? 0
  return typeof number === 'number' ? number : wrong(`${name} is no number`)
}

/** The truth of a member, `fallback` where it is not given. */
export function booleanOf(value: unknown, name: string, fallback: boolean): boolean {
  const truth = memberOf(value, name) ?? fallback
  return typeof truth === 'boolean' ? truth : wrong(`${name} is neither true nor false`)
}

/** The items of a member, none where it is not given. */
export function itemsOf(value: unknown, name: string): readonly unknown[] {
  const items = memberOf(value, name) ?? NONE
  return Array.isArray(items) ? items : wrong(`${name} is no list`)
}

/** The items of a member that are all texts. */
export function textsOf(value: unknown, name: string): readonly string[] {
  const items = itemsOf(value, name)
  return areTexts(items) ? items : wrong(`${name} holds what is no text`)
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const NONE: readonly unknown[] = []

function areTexts(items: readonly unknown[]): items is readonly string[] {
  return items.every((item) => typeof item === 'string')
}

function wrong(sentence: string): never {
  throw new BrokenObject(sentence)
}
