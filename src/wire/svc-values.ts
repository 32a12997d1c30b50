import { ipFromText, ipToText, isIpv4 } from './ip-address.ts'
import { OctetReader, writeUint32, writeUint128 } from './octets.ts'

/** How one key's value reads: text and octets both with one UTF-16 unit for each octet. */
interface SvcValue {
  readonly fromText: (text: string, keyFromText: KeyFromText) => string | undefined
  readonly toText: (octets: string, keyToText: KeyToText) => string | undefined
}

type KeyFromText = (name: string) => number | undefined
type KeyToText = (key: number) => string

/** The octets that a value's text means for a key; undefined when it is wrong. Keys without a form take any text. */
export function svcValueFromText(key: number, text: string, keyFromText: KeyFromText): string | undefined {
  return formOf(key).fromText(text, keyFromText)
}

/** The text of a value; undefined where its octets are not as the key wants them. */
export function svcValueToText(key: number, octets: string, keyToText: KeyToText): string | undefined {
  return formOf(key).toText(octets, keyToText)
}

const ANYTHING: SvcValue = { fromText: (text) => text, toText: (octets) => octets }
const NOTHING: SvcValue = { fromText: empty, toText: empty }

/** Keys, ascending and without `mandatory` itself (RFC 9460 section 8). */
const MANDATORY: SvcValue = {
  fromText(text, keyFromText) {
    const keys = new Set<number>()
    for (const name of text.split(',')) {
      const key = keyFromText(name)
      if (key === undefined || key === 0 || keys.has(key)) return undefined
      keys.add(key)
    }
    return [...keys]
      .toSorted((one, other) => one - other)
      .map(uint16)
      .join('')
  },
  toText(octets, keyToText) {
    const keys = numbersOf(octets)
    const isAscending = keys.every((key, index) => key > (keys[index - 1] ?? 0))
    return octets === '' || octets.length % 2 === 1 || !isAscending
      ? undefined
      : keys.map(keyToText).join(',')
  },
}

/** Protocol ids, each a character-string; commas in them are escaped (RFC 9460 7.1, A.1). */
const ALPN: SvcValue = {
  fromText(text) {
    const ids = splitValues(text)
    const isWellFormed = ids?.every((id) => id !== '' && id.length <= 255) ?? false
    return isWellFormed ? ids?.map(counted).join('') : undefined
  },
  toText(octets) {
    const reader = readerOf(octets)
    const ids: string[] = []
    while (reader.offset < reader.end) ids.push(reader.characterString())
    if (reader.overrun || ids.length === 0 || ids.includes('')) return undefined
    return ids.map((id) => id.replaceAll(/[,\\]/g, String.raw`\$&`)).join(',')
  },
}

const PORT: SvcValue = {
  fromText: (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 0xffff ? uint16(Number(text)) : undefined),
  toText: (octets) => (octets.length === 2 ? String(numbersOf(octets)[0]) : undefined),
}

const IPV4HINT: SvcValue = {
  fromText: (text) => addressOctets(text, 4),
  toText: (octets) => addressTexts(octets, 4, (reader) => reader.uint32()),
}

const IPV6HINT: SvcValue = {
  fromText: (text) => addressOctets(text, 16),
  toText: (octets) => addressTexts(octets, 16, (reader) => reader.uint128()),
}

const ECH: SvcValue = {
  fromText(text) {
    const octets = Buffer.from(text, 'base64')
    return text !== '' && octets.toString('base64') === text ? octets.toString('latin1') : undefined
  },
  toText: (octets) => (octets === '' ? undefined : Buffer.from(octets, 'latin1').toString('base64')),
}

/** By key number. */
const FORMS: readonly SvcValue[] = [
  MANDATORY,
  ALPN,
  NOTHING,
  PORT,
  IPV4HINT,
  ECH,
  IPV6HINT,
  ANYTHING,
  NOTHING,
]

function formOf(key: number): SvcValue {
  return FORMS[key] ?? ANYTHING
}

function empty(text: string): string | undefined {
  return text === '' ? '' : undefined
}

/** The values of a comma-separated list, a backslash standing for the character behind it (RFC 9460 A.1). */
function splitValues(text: string): readonly string[] | undefined {
  const values: string[] = []
  let value = ''
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? ''
    if (character === ',') {
      values.push(value)
      value = ''
      continue
    }
    if (character === '\\') index++
    if (index === text.length) return undefined
    value += text[index] ?? ''
  }
  return [...values, value]
}

function addressOctets(text: string, size: 4 | 16): string | undefined {
  let all = ''
  for (const part of text.split(',')) {
    const address = ipFromText(part)
    if (address === undefined || isIpv4(address) !== (size === 4)) return undefined
    const octets = Buffer.alloc(size)
    if (isIpv4(address)) writeUint32(octets, 0, address)
    else writeUint128(octets, 0, address)
    all += octets.toString('latin1')
  }
  return all
}

function addressTexts(
  octets: string,
  size: number,
  read: (reader: OctetReader) => number | bigint,
): string | undefined {
  if (octets === '' || octets.length % size !== 0) return undefined
  const reader = readerOf(octets)
  const texts: string[] = []
  while (reader.offset < reader.end) texts.push(ipToText(read(reader)))
  return texts.join(',')
}

function numbersOf(octets: string): readonly number[] {
  const reader = readerOf(octets)
  return Array.from({ length: octets.length >>> 1 }, () => reader.uint16())
}

function readerOf(octets: string): OctetReader {
  return new OctetReader(Buffer.from(octets, 'latin1'))
}

function uint16(value: number): string {
  return String.fromCharCode(value >>> 8, value & 0xff)
}

function counted(octets: string): string {
  return String.fromCharCode(octets.length) + octets
}
