import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml'
import type { Event } from 'js-yaml'

/**
 * The offset in `text` of the value at `path` in its documents: first the number of the document, then keys and indexes.
 * The nearest existing parent where the path does not exist; the key where the value is empty. 0 where the text is no YAML.
 */
export function locateInYaml(text: string, path: readonly (string | number)[]): number {
  try {
    return findOffset(readOutline(text), path)
  } catch {
    return 0
  }
}

/** The parser's events of a text, and for each event that starts a value the index behind that value. */
interface Outline {
  readonly text: string
  readonly events: readonly Event[]
  readonly ends: Uint32Array
}

/** Several places of one long document are often asked for in one go; the garbage collector ends that. */
let lastOutline: WeakRef<Outline> | undefined

function readOutline(text: string): Outline {
  const last = lastOutline?.deref()
  if (last?.text === text) return last
  const events = parseEvents(text, {})
  const outline = { text, events, ends: findEnds(events) }
  lastOutline = new WeakRef(outline)
  return outline
}

function findEnds(events: readonly Event[]): Uint32Array {
  const ends = new Uint32Array(events.length)
  const open: number[] = []
  for (const [index, event] of events.entries()) {
    if (event.type === EVENT_ID.SCALAR || event.type === EVENT_ID.ALIAS) ends[index] = index + 1
    else if (event.type === EVENT_ID.POP) ends[open.pop() ?? index] = index + 1
    else open.push(index)
  }
  return ends
}

function findOffset(outline: Outline, path: readonly (string | number)[]): number {
  const { events, ends } = outline
  const [document = 0, ...keys] = path
  let at = 0
  for (let index = 0; index < Number(document); index++) at = ends[at] ?? events.length
  at++
  let offset = offsetOf(events[at]) ?? 0
  for (const key of keys) {
    const child = findChild(outline, at, key)
    if (child === undefined) return offset
    at = child.at
    offset = offsetOf(events[at]) ?? child.keyOffset ?? offset
  }
  return offset
}

/** The event of the value under `key` in the collection at `at`. */
function findChild(
  outline: Outline,
  at: number,
  key: string | number,
): { readonly at: number; readonly keyOffset?: number | undefined } | undefined {
  const { text, events, ends } = outline
  const collection = events[at]
  const isMapping = collection?.type === EVENT_ID.MAPPING
  if (!isMapping && collection?.type !== EVENT_ID.SEQUENCE) return undefined
  let index = 0
  for (let child = at + 1; ; index++) {
    const event = events[child]
    if (event === undefined || event.type === EVENT_ID.POP) return undefined
    const value = isMapping ? (ends[child] ?? child) : child
    const isHere = isMapping
      ? event.type === EVENT_ID.SCALAR && getScalarValue(text, event) === String(key)
      : index === Number(key)
    if (isHere) return { at: value, keyOffset: isMapping ? offsetOf(event) : undefined }
    child = ends[value] ?? value + 1
  }
}

/** Where a value starts, its quote included; undefined for an empty one. */
function offsetOf(event: Event | undefined): number | undefined {
  if (event?.type === EVENT_ID.ALIAS) return event.anchorStart - 1
  if (event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE) return event.start
  if (event?.type !== EVENT_ID.SCALAR || event.valueStart < 0) return undefined
  const { SINGLE_QUOTED, DOUBLE_QUOTED } = SCALAR_STYLE
  return event.style === SINGLE_QUOTED || event.style === DOUBLE_QUOTED
    ? event.valueStart - 1
    : event.valueStart
}
