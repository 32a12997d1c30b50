declare const brand: unique symbol

/**
 * A fully-qualified domain name in presentation format (RFC 1035 5.1): `web.default.svc.cluster.local.`, `.` for the
 * root. Escapes are canonical, so two names are equal exactly when their strings are (after `lowerCase`), and the string
 * is pure ASCII: a space and any of `.'@;()"\` inside a label is a backslash and that character, every octet outside
 * 0x21–0x7E is `\DDD`.
 */
export type DomainName = string & { readonly [brand]: 'DomainName' }

/** Octets in one label (RFC 1035 2.3.4). */
export const MAX_LABEL_OCTETS = 63
/** Octets in a name on the wire, length octets and the root label included (RFC 1035 2.3.4). */
export const MAX_NAME_OCTETS = 255

/**
 * Calls a text a name without looking at it: for code that has just put canonical labels together and knows that it is
 * one. Anything that came from outside goes through `nameFromText` or `nameFromLabels`.
 */
export function asDomainName(canonical: string): DomainName {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where a string becomes a name
  return canonical as DomainName
}

export const ROOT = asDomainName('.')

/**
 * The name that a text means: absolute with or without its final dot, escapes `\.` and `\DDD` read (RFC 1035 5.1).
 * Undefined when it is no name: empty text, empty label, label above 63 octets, name above 255, unfinished escape,
 * or a raw octet outside 0x21–0x7E.
 */
export function nameFromText(text: string): DomainName | undefined {
  if (text === '.') return ROOT
  const labels: string[] = []
  let label = ''
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 0x2e) {
      labels.push(label)
      label = ''
    } else if (code !== 0x5c) {
      if (code < 0x21 || code > 0x7e) return undefined
      label += ESCAPED[code]
    } else {
      const octet = escapedOctet(text, index + 1)
      if (octet === undefined) return undefined
      index += isDigit(text.charCodeAt(index + 1)) ? 3 : 1
      label += ESCAPED[octet]
    }
  }
  if (label !== '') labels.push(label)
  return labels.length === 0 ? undefined : nameFromLabels(labels)
}

/**
 * The name that a text in a zone file means (RFC 1035 5.1): `@` is the origin, a text without a final dot is below it.
 * Undefined when it is no name.
 */
export function nameFromRelativeText(text: string, origin: DomainName): DomainName | undefined {
  if (text === '@') return origin
  const name = nameFromText(text)
  if (name === undefined || (text.endsWith('.') && !isEscaped(text, text.length - 1))) return name
  return nameFromLabels(labelsOf(name), origin)
}

/**
 * The name made of canonical escaped labels, ending in `origin` (the root without one). Undefined when a label is empty
 * or above 63 octets, or the whole above 255.
 */
export function nameFromLabels(labels: readonly string[], origin: DomainName = ROOT): DomainName | undefined {
  let octets = countOctets(origin)
  for (const label of labels) {
    const size = label.includes('\\') ? countLabelOctets(label) : label.length
    if (size === 0 || size > MAX_LABEL_OCTETS) return undefined
    octets += size + 1
  }
  if (octets > MAX_NAME_OCTETS) return undefined
  if (labels.length === 0) return origin
  return asDomainName(labels.join('.') + (origin === ROOT ? '.' : `.${origin}`))
}

/** The canonical escaped labels of a name, leftmost first, without the root: `['web', 'default']` for `web.default.`. */
export function labelsOf(name: DomainName): readonly string[] {
  if (name === ROOT) return []
  if (!name.includes('\\')) return name.slice(0, -1).split('.')
  const labels: string[] = []
  for (let start = 0; start < name.length;) {
    const end = endOfLabel(name, start)
    labels.push(name.slice(start, end))
    start = end + 1
  }
  return labels
}

/** One label's raw octets (latin1, one per UTF-16 unit) in canonical escaped form. */
export function escapeLabel(octets: string): string {
  let label = ''
  for (let index = 0; index < octets.length; index++) label += ESCAPED[octets.charCodeAt(index) & 0xff]
  return label
}

/** The name in lower case: how names are compared (RFC 4343). The same string when it already is. */
export function lowerCase(name: DomainName): DomainName {
  // Escapes hold no letters and the string is ASCII, so the plain conversion touches A–Z alone.
  return asDomainName(name.toLowerCase())
}

/** Whether `name` is `ancestor` or below it (RFC 9499 section 7). Both in the same letter case. */
export function isSubdomain(name: DomainName, ancestor: DomainName): boolean {
  if (ancestor === ROOT || name === ancestor) return true
  if (!name.endsWith(ancestor)) return false
  const dot = name.length - ancestor.length - 1
  return name.charCodeAt(dot) === 0x2e && !isEscaped(name, dot)
}

/** The name without its first label; undefined for the root. */
export function parentName(name: DomainName): DomainName | undefined {
  if (name === ROOT) return undefined
  const end = endOfLabel(name, 0)
  return end === name.length - 1 ? ROOT : asDomainName(name.slice(end + 1))
}

/** How many labels, the root not counted: 2 for `web.default.`. */
export function countLabels(name: DomainName): number {
  if (name === ROOT) return 0
  let count = 0
  for (let start = 0; start < name.length; start = endOfLabel(name, start) + 1) count++
  return count
}

/** Octets of the name on the wire, uncompressed: 1 for the root. */
export function countOctets(name: DomainName): number {
  if (name === ROOT) return 1
  return (name.includes('\\') ? countLabelOctets(name) : name.length) + 1
}

/** Presentation form of each octet inside a label. */
const ESCAPED: readonly string[] = Array.from({ length: 256 }, (_, octet) => {
  const character = String.fromCharCode(octet)
  if (` .'@;()"\\`.includes(character)) return `\\${character}`
  return octet > 0x20 && octet < 0x7f ? character : `\\${String(octet).padStart(3, '0')}`
})

/** The octet that an escape means, `start` being the character after the backslash. */
function escapedOctet(text: string, start: number): number | undefined {
  if (start >= text.length) return undefined
  const code = text.charCodeAt(start)
  if (!isDigit(code)) return code < 0x20 || code > 0x7e ? undefined : code
  const digits = text.slice(start, start + 3)
  return /^\d{3}$/.test(digits) && Number(digits) <= 255 ? Number(digits) : undefined
}

/** The octets that an escaped text stands for: each escape counts one. */
function countLabelOctets(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index++, count++) {
    if (text.charCodeAt(index) === 0x5c) index += isDigit(text.charCodeAt(index + 1)) ? 3 : 1
  }
  return count
}

/** The offset of the dot that ends the label which starts at `start`. */
function endOfLabel(name: string, start: number): number {
  let dot = name.indexOf('.', start)
  while (isEscaped(name, dot)) dot = name.indexOf('.', dot + 1)
  return dot
}

/** Whether the character at `offset` follows an odd number of backslashes. */
export function isEscaped(name: string, offset: number): boolean {
  let first = offset
  while (first > 0 && name.charCodeAt(first - 1) === 0x5c) first--
  return (offset - first) % 2 === 1
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
