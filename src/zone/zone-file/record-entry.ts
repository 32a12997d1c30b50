import type { Position } from '../../config/corefile.ts'
import { nameFromRelativeText, type DomainName } from '../../wire/name.ts'
import type { Rdata } from '../../wire/rdata.ts'
import { hasSvcParams, rdataFromFields } from '../../wire/rdata-text.ts'
import { RrType, rrTypeFromText, rrTypeToText } from '../../wire/rrtype.ts'
import { secondsFromText } from '../../wire/seconds-text.ts'
import type { Token } from './lexer.ts'
import { warnOfMissingDots } from './missing-dot.ts'
import { rdataForm } from './rdata-forms.ts'
import { quoted, type ZoneProblems } from './zone-problem.ts'
import type { ZoneRecord } from './zone-record.ts'

/** What the lines so far have set for those that follow. */
export interface Scope {
  /** Relative names are below it (`$ORIGIN`). */
  origin: DomainName
  lastOwner: DomainName | undefined
  /** `$TTL` (RFC 2308 section 4). */
  defaultTtlSeconds: number | undefined
  /** The TTL stated last, for files without `$TTL` (RFC 1035 5.1). */
  lastTtlSeconds: number | undefined
}

/** The largest TTL (RFC 2181 section 8). */
const MAX_TTL_SECONDS = 0x7fff_ffff

/**
 * Reads `owner [TTL] [class] type rdata`, TTL and class in either order, the owner left out where `startsBlank` (RFC 1035
 * 5.1). Undefined when something was reported.
 */
export function readRecord(
  { tokens, startsBlank }: { readonly tokens: readonly [Token, ...Token[]]; readonly startsBlank: boolean },
  scope: Scope,
  problems: ZoneProblems,
): ZoneRecord | undefined {
  const { position } = tokens[0]
  const owner = startsBlank ? ownerBefore(position, scope, problems) : readOwner(tokens[0], scope, problems)
  const head = readHead(startsBlank ? tokens : tokens.slice(1), position, problems)
  if (owner === undefined || head === undefined) return undefined
  if (head.ttlSeconds !== undefined) scope.lastTtlSeconds = head.ttlSeconds
  const rdata = readRdata(head, scope, problems)
  if (rdata === undefined) return undefined
  const ttlSeconds = ttlOf(head.ttlSeconds, rdata, scope)
  if (ttlSeconds === undefined) {
    problems.error(
      'SLICEDNS_ZONE_TTL',
      position,
      'no TTL is known here: put $TTL 3600 at the top of the file',
    )
    return undefined
  }
  warnOfMissingDots(
    { rrtype: head.rrtype, owner: startsBlank ? undefined : tokens[0], rdata: head.rdata },
    scope.origin,
    problems,
  )
  return { owner, rrtype: head.rrtype, ttlSeconds, rdata, position }
}

interface Head {
  readonly ttlSeconds: number | undefined
  readonly rrtype: number
  readonly typePosition: Position
  readonly rdata: readonly Token[]
}

function ownerBefore(
  position: Position,
  { lastOwner }: Scope,
  problems: ZoneProblems,
): DomainName | undefined {
  if (lastOwner === undefined) {
    const message = 'no owner stands above this line, which begins with a space: write one, such as @'
    problems.error('SLICEDNS_ZONE_NAME', position, message)
  }
  return lastOwner
}

function readOwner(token: Token, scope: Scope, problems: ZoneProblems): DomainName | undefined {
  const owner = readName(token, scope.origin, problems)
  // After a wrong owner the lines below it are still read, so that their problems show too: the zone is not served.
  scope.lastOwner = owner ?? scope.origin
  return owner
}

/** The name that a token means; undefined, and reported, when it is none. */
export function readName(token: Token, origin: DomainName, problems: ZoneProblems): DomainName | undefined {
  const name = token.isQuoted ? undefined : nameFromRelativeText(token.text, origin)
  if (name === undefined) {
    const hint =
      'labels of 1 to 63 octets with dots between, 255 octets in all, \\DDD for what is not printable'
    problems.error('SLICEDNS_ZONE_NAME', token.position, `${quoted(token.text)} is no domain name: ${hint}`)
  }
  return name
}

/** A time that a token means; undefined, and reported, when it is none. */
export function readTtl({ text, position }: Token, problems: ZoneProblems): number | undefined {
  const seconds = secondsFromText(text, MAX_TTL_SECONDS)
  if (seconds === undefined) {
    const message = `${quoted(text)} is no TTL: write seconds up to ${MAX_TTL_SECONDS}, or units such as 1h30m`
    problems.error('SLICEDNS_ZONE_TTL', position, message)
  }
  return seconds
}

function readHead(tokens: readonly Token[], start: Position, problems: ZoneProblems): Head | undefined {
  let ttl: Token | undefined
  let rrclass: Token | undefined
  let index = 0
  for (; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined || token.isQuoted) break
    if (ttl === undefined && /^\d/.test(token.text)) ttl = token
    else if (rrclass === undefined && CLASS.test(token.text)) rrclass = token
    else break
  }
  const rrtype = readType(tokens[index], start, problems)
  const ttlSeconds = ttl === undefined ? undefined : readTtl(ttl, problems)
  const isWrong = rrtype === undefined || (ttl !== undefined && ttlSeconds === undefined)
  if (!isClassIn(rrclass, problems) || isWrong) return undefined
  const typePosition = tokens[index]?.position ?? start
  return { ttlSeconds, rrtype, typePosition, rdata: tokens.slice(index + 1) }
}

const CLASS = /^(?:IN|CS|CH|HS|NONE|CLASS\d{1,5})$/i
const CLASS_IN = /^(?:IN|CLASS0*1)$/i

function isClassIn(token: Token | undefined, problems: ZoneProblems): boolean {
  if (token === undefined || CLASS_IN.test(token.text)) return true
  const message = `class ${token.text} is not served: zones are of class IN, which need not be written`
  problems.error('SLICEDNS_ZONE_CLASS', token.position, message)
  return false
}

/** Types that only questions and messages have: OPT, and those that RFC 6895 3.1 sets aside. */
function isMetaType(rrtype: number): boolean {
  return rrtype === 0 || rrtype === RrType.OPT || (rrtype >= 128 && rrtype <= 255)
}

function readType(token: Token | undefined, start: Position, problems: ZoneProblems): number | undefined {
  if (token === undefined) {
    problems.error('SLICEDNS_ZONE_SYNTAX', start, 'the line ends before the type: write owner, type and data')
    return undefined
  }
  const rrtype = token.isQuoted ? undefined : rrTypeFromText(token.text)
  if (rrtype !== undefined && !isMetaType(rrtype)) return rrtype
  const message =
    rrtype === undefined
      ? `${quoted(token.text)} is no record type: write one such as A, or TYPE65280 with \\# data`
      : `type ${rrTypeToText(rrtype)} is for questions and cannot stand in a zone: remove the line`
  problems.error('SLICEDNS_ZONE_TYPE', token.position, message)
  return undefined
}

function readRdata(head: Head, { origin }: Scope, problems: ZoneProblems): Rdata | undefined {
  const { rrtype, typePosition } = head
  const tokens = hasSvcParams(rrtype) ? joinParams(head.rdata) : head.rdata
  const texts = tokens.map(({ text }) => text)
  const rdata = rdataFromFields(rrtype, texts, origin)
  if (rdata !== undefined) return rdata
  const type = rrTypeToText(rrtype)
  const what =
    texts.length === 0 ? `${type} has no data` : `${quoted(texts.join(' '))} is no data of type ${type}`
  const position = tokens[0]?.position ?? typePosition
  problems.error('SLICEDNS_ZONE_RDATA', position, `${what}: write ${rdataForm(rrtype)}`)
  return undefined
}

/** `key="value"` is two tokens to the lexer and one field of an SVCB record (RFC 9460 2.1). */
function joinParams(tokens: readonly Token[]): readonly Token[] {
  const joined: Token[] = []
  for (const token of tokens) {
    const before = joined.at(-1)
    const isValue = token.isQuoted && token.isGlued && before?.isQuoted === false && before.text.endsWith('=')
    if (before !== undefined && isValue)
      joined[joined.length - 1] = { ...before, text: before.text + token.text }
    else joined.push(token)
  }
  return joined
}

/** The stated TTL, `$TTL`, the one stated last, or for a SOA its own MINIMUM. */
function ttlOf(stated: number | undefined, rdata: Rdata, scope: Scope): number | undefined {
  const known = stated ?? scope.defaultTtlSeconds ?? scope.lastTtlSeconds
  if (known !== undefined || rdata.kind !== 'SOA') return known
  scope.lastTtlSeconds = Math.min(rdata.minimum, MAX_TTL_SECONDS)
  return scope.lastTtlSeconds
}
