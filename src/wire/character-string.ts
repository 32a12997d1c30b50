/** One octet per UTF-16 unit (latin1): a character-string of RFC 1035 3.3, at most 255 octets. */
export type CharacterString = string

/** Octets in one character-string: its length is one octet (RFC 1035 3.3). */
const MAX_STRING_OCTETS = 255

/** A character-string in quotes, as a zone file writes it (RFC 1035 5.1): what is not printable ASCII is `\DDD`. */
export function stringToText(string: CharacterString): string {
  const inside = string.replaceAll(/["\\]|[^ -~]/g, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\${String(character.charCodeAt(0)).padStart(3, '0')}`,
  )
  return `"${inside}"`
}

/**
 * The character-string that a field of a zone file means, its quotes taken off. Characters beyond ASCII stand for their
 * octets in UTF-8. Undefined above 255 octets, or when an escape is wrong.
 */
export function stringFromField(field: string): CharacterString | undefined {
  const string = octetsFromField(field)
  return string === undefined || string.length > MAX_STRING_OCTETS ? undefined : string
}

/** The same of any length, one UTF-16 unit for each octet: what CAA and SVCB have as values. */
export function octetsFromField(field: string): string | undefined {
  const octets = Buffer.from(field, 'utf8').toString('latin1')
  let isWellFormed = true
  const string = octets.replaceAll(/\\(?:(\d{3})|([^\d])|)/gs, (_, digits?: string, character?: string) => {
    if (character !== undefined) return character
    if (digits === undefined || Number(digits) > 255) isWellFormed = false
    return String.fromCharCode(Number(digits))
  })
  return isWellFormed ? string : undefined
}

/**
 * The fields of one line of presentation format: split at spaces and tabs outside quotes, quotes taken off, escapes left
 * in. With `hasParams`, a quote right behind `=` goes on with the field, as in `alpn="h2,h3"` (RFC 9460 2.1). Undefined
 * when a quote is not closed.
 */
export function fieldsFromText(text: string, hasParams = false): string[] | undefined {
  const fields: string[] = []
  const field = new RegExp(hasParams ? FIELD_OR_PARAM : FIELD)
  let end = 0
  for (let match = field.exec(text); match !== null; match = field.exec(text)) {
    fields.push(match[1] ?? `${match[2] ?? ''}${match[3] ?? ''}`)
    end = field.lastIndex
  }
  return text.slice(end).trim() === '' ? fields : undefined
}

const FIELD = /[ \t]*(?:"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.?)+))/gsy
const FIELD_OR_PARAM = /[ \t]*(?:"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.?)+)(?:(?<==)"((?:[^"\\]|\\.)*)")?)/gsy
