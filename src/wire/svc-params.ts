import { octetsFromField, stringToText } from './character-string.ts'
import { OctetReader, writeLatin1, writeUint16 } from './octets.ts'
import { svcValueFromText, svcValueToText } from './svc-values.ts'

/** Names of SvcParamKeys by number (RFC 9460 14.3.2, RFC 9461, RFC 9540). */
const KEYS = [
  'mandatory',
  'alpn',
  'no-default-alpn',
  'port',
  'ipv4hint',
  'ech',
  'ipv6hint',
  'dohpath',
  'ohttp',
]
const MANDATORY = 0
const ALPN = 1
const NO_DEFAULT_ALPN = 2
const RESERVED_KEY = 0xffff
const MAX_PARAMS_OCTETS = 0xffff

/**
 * SvcParams as they travel, from fields such as `alpn=h2,h3` whose quotes are taken off (RFC 9460 2.1), in any order.
 *
 *     SvcParams = *( key (2), length (2), value )    ; keys strictly increasing (RFC 9460 2.2)
 *
 * Undefined when a key is unknown or given twice, a value is wrong, or `mandatory` names a key that is not there.
 */
export function svcParamsFromFields(fields: readonly string[]): Uint8Array | undefined {
  const params = new Map<number, string>()
  for (const field of fields) {
    const equals = field.indexOf('=')
    const name = (equals === -1 ? field : field.slice(0, equals)).toLowerCase()
    const key = keyFromText(name)
    const text = equals === -1 ? '' : octetsFromField(field.slice(equals + 1))
    if (key === undefined || text === undefined || params.has(key)) return undefined
    const value = name === KEYS[key] ? svcValueFromText(key, text, keyFromText) : text
    if (value === undefined) return undefined
    params.set(key, value)
  }
  return isSelfConsistent(params) ? compose(params) : undefined
}

/** The same as text; undefined when the octets are no SvcParams. Values that are not as their key wants stand as `key1=…`. */
export function svcParamsToText(octets: Uint8Array): string | undefined {
  const reader = new OctetReader(octets)
  const params = new Map<number, string>()
  let last = -1
  while (reader.offset < reader.end) {
    const key = reader.uint16()
    const value = reader.latin1(reader.uint16())
    if (reader.overrun || key <= last || key === RESERVED_KEY) return undefined
    last = key
    params.set(key, value)
  }
  if (!isSelfConsistent(params)) return undefined
  return [...params].map(([key, value]) => paramToText(key, value)).join(' ')
}

/** Whether the keys that others need are there (RFC 9460 7.1.1, section 8). */
function isSelfConsistent(params: ReadonlyMap<number, string>): boolean {
  if (params.has(NO_DEFAULT_ALPN) && !params.has(ALPN)) return false
  return mandatoryKeys(params.get(MANDATORY) ?? '').every((key) => params.has(key))
}

function paramToText(key: number, value: string): string {
  const text = svcValueToText(key, value, keyToText)
  const name = text === undefined ? `key${key}` : keyToText(key)
  const shown = text ?? value
  if (shown === '') return name
  return `${name}=${/^[\w,.:/+=-]*$/.test(shown) ? shown : stringToText(shown)}`
}

function compose(params: ReadonlyMap<number, string>): Uint8Array | undefined {
  let size = 0
  for (const value of params.values()) size += 4 + value.length
  if (size > MAX_PARAMS_OCTETS) return undefined
  const octets = new Uint8Array(size)
  let at = 0
  for (const [key, value] of [...params].toSorted(([one], [other]) => one - other)) {
    writeUint16(octets, at, key)
    writeUint16(octets, at + 2, value.length)
    at = writeLatin1(octets, at + 4, value)
  }
  return octets
}

/** The keys in the value of `mandatory`, two octets each. */
function mandatoryKeys(value: string): readonly number[] {
  const reader = new OctetReader(Buffer.from(value, 'latin1'))
  const keys: number[] = []
  while (reader.end - reader.offset > 1) keys.push(reader.uint16())
  return keys
}

function keyToText(key: number): string {
  return KEYS[key] ?? `key${key}`
}

/** `alpn`, or `key1` without leading zeros. */
function keyFromText(name: string): number | undefined {
  const known = KEYS.indexOf(name)
  if (known !== -1) return known
  const generic = /^key(0|[1-9]\d{0,4})$/.exec(name)
  const key = generic === null ? Number.NaN : Number(generic[1])
  return key < RESERVED_KEY ? key : undefined
}
