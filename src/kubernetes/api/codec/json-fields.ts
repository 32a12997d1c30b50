import { BrokenObject } from './broken-object.ts'

/** An object as JSON.parse gives it. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * The functions here say what type a member has. What is null is not given, as for the API server. Another type than the one asked
 * for throws `BrokenObject`. (They take the member rather than its name: a name that varies costs three times as much to look up.)
 */
export function asObject(value: unknown, name: string): JsonObject {
  if (value === undefined || value === null) return EMPTY
  return isObject(value) ? value : wrong(`${name} is no object`)
}

/** Empty where it is not given. */
export function asText(value: unknown, name: string): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : wrong(`${name} is no text`)
}

/** 0 where it is not given. */
export function asNumber(value: unknown, name: string): number {
  if (value === undefined || value === null) return 0
  return typeof value === 'number' ? value : wrong(`${name} is no number`)
}

/** Undefined where it is not given. */
export function asBoolean(value: unknown, name: string): boolean | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'boolean' ? value : wrong(`${name} is neither true nor false`)
}

/** None where it is not given. */
export function asItems(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return NONE
  return Array.isArray(value) ? value : wrong(`${name} is no list`)
}

/** Items that are all texts. */
export function asTexts(value: unknown, name: string): readonly string[] {
  const items = asItems(value, name)
  return areTexts(items) ? items : wrong(`${name} holds what is no text`)
}

const EMPTY: JsonObject = {}
const NONE: readonly unknown[] = []

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areTexts(items: readonly unknown[]): items is readonly string[] {
  for (const item of items) if (typeof item !== 'string') return false
  return true
}

function wrong(sentence: string): never {
  throw new BrokenObject(sentence)
}
