import type { Position } from '../../config/corefile.ts'
import type { DomainName } from '../../wire/name.ts'
import { endsStep, finish, type Steps } from '../steps.ts'
import { generateTokens, rangeFromText, templateFromText } from './generate.ts'
import { type Entry, readEntries, type Token } from './lexer.ts'
import { readName, readRecord, readTtl, type Scope } from './record-entry.ts'
import { quoted, type ZoneProblem, ZoneProblems } from './zone-problem.ts'
import type { ZoneRecord } from './zone-record.ts'

/** A file that `$INCLUDE` asked for: its text and the path by which it is known, or why it cannot be read. */
export type IncludedFile = { readonly file: string; readonly text: string } | { readonly reason: string }

export interface ZoneFileOptions {
  /** The path that positions show. */
  readonly file: string
  /** What relative names are below until `$ORIGIN` says otherwise. */
  readonly origin: DomainName
  /** Reads `path` as `$INCLUDE` in the file `from` writes it. Without it `$INCLUDE` is refused. */
  readonly readFile?: (path: string, from: string) => IncludedFile
  /** Default 1,000,000. */
  readonly maxRecords?: number
}

export interface ZoneFile {
  /** In the order of the file. */
  readonly records: readonly ZoneRecord[]
  /** All of the file and of what it includes, up to a bound. Where one is an error, records are missing. */
  readonly problems: readonly ZoneProblem[]
  /** Every file that was read, this one first. */
  readonly files: readonly string[]
}

/** Files within files; deeper is a mistake. */
const MAX_INCLUDE_DEPTH = 10
/** Includes of one zone file in all: nested ones multiply. */
const MAX_INCLUDES = 1000
/** Records of one zone where nobody says otherwise: about 1 GB of memory. */
const MAX_RECORDS = 1_000_000

/**
 * Parses a zone file: RFC 1035 section 5 with `$TTL` (RFC 2308 section 4), generic types and data (RFC 3597 section 5),
 * time units, and BIND's `$GENERATE`. Never throws; whatever is wrong is in `problems`.
 */
export function parseZoneFile(text: string, options: ZoneFileOptions): ZoneFile {
  const problems = new ZoneProblems()
  const { records, files } = finish(readZoneFile(text, options, problems))
  return { records, files, problems: problems.list() }
}

/** The same in steps, with problems added to a list that goes on. */
export function* readZoneFile(
  text: string,
  options: ZoneFileOptions,
  problems: ZoneProblems,
): Steps<Pick<ZoneFile, 'records' | 'files'>> {
  const parser = new Parser(options, problems)
  const scope: Scope = {
    origin: options.origin,
    lastOwner: undefined,
    defaultTtlSeconds: undefined,
    lastTtlSeconds: undefined,
  }
  yield* parser.parse(text, options.file, scope)
  return { records: parser.records, files: parser.files }
}

class Parser {
  readonly records: ZoneRecord[] = []
  readonly files: string[] = []
  readonly #readFile: ZoneFileOptions['readFile']
  readonly #maxRecords: number
  readonly #problems: ZoneProblems
  /** The files being read, each included by the one before. */
  readonly #open: string[] = []
  #includeCount = 0
  #isFull = false

  constructor({ readFile, maxRecords = MAX_RECORDS }: ZoneFileOptions, problems: ZoneProblems) {
    this.#maxRecords = maxRecords
    this.#readFile = readFile
    this.#problems = problems
  }

  *parse(text: string, file: string, scope: Scope): Steps<void> {
    this.#open.push(file)
    if (!this.files.includes(file)) this.files.push(file)
    let index = 0
    for (const entry of readEntries(text, file, this.#problems)) {
      if (endsStep(++index)) yield
      if (this.#isFull) break
      if (entry === undefined) continue
      const [first] = entry.tokens
      if (first.text.startsWith('$') && !first.isQuoted) yield* this.#directive(entry, scope)
      else this.#add(readRecord(entry, scope, this.#problems))
    }
    this.#open.pop()
  }

  #add(record: ZoneRecord | undefined): boolean {
    if (record === undefined) return false
    if (this.records.length >= this.#maxRecords) {
      const message = `the zone has more than ${this.#maxRecords} records: split it`
      this.#problems.error('SLICEDNS_ZONE_TOO_LARGE', record.position, message)
      this.#isFull = true
      return false
    }
    this.records.push(record)
    return true
  }

  *#directive({ tokens, startsBlank }: Entry, scope: Scope): Steps<void> {
    const [{ text, position }, ...args] = tokens
    if (startsBlank)
      return this.#refuse(position, `${quoted(text)} must stand at the start of its line: remove the space`)
    switch (text.toUpperCase()) {
      case '$ORIGIN':
        return this.#origin(position, args, scope)
      case '$TTL':
        return this.#ttl(position, args, scope)
      case '$INCLUDE':
        return yield* this.#include(position, args, scope)
      case '$GENERATE':
        return yield* this.#generate(position, args, scope)
      default:
        return this.#refuse(
          position,
          `${quoted(text)} is no directive: there are $ORIGIN, $TTL, $INCLUDE and $GENERATE, and \\$ begins a name`,
        )
    }
  }

  #origin(position: Position, [name, ...more]: readonly Token[], scope: Scope): void {
    if (name === undefined || more.length > 0) return this.#refuse(position, 'write $ORIGIN NAME')
    scope.origin = readName(name, scope.origin, this.#problems) ?? scope.origin
  }

  #ttl(position: Position, [ttl, ...more]: readonly Token[], scope: Scope): void {
    if (ttl === undefined || more.length > 0)
      return this.#refuse(position, 'write $TTL SECONDS, or units such as 1h')
    // A wrong one stands for any, so that the lines below are not each reported for want of it.
    scope.defaultTtlSeconds = readTtl(ttl, this.#problems) ?? 0
  }

  /** Origin and last owner are the including file's again afterwards (RFC 1035 5.1); `$TTL` stays, as in BIND. */
  *#include(position: Position, [path, origin, ...more]: readonly Token[], scope: Scope): Steps<void> {
    if (path === undefined || more.length > 0) {
      this.#refuse(position, 'write $INCLUDE FILE, or $INCLUDE FILE ORIGIN')
      return
    }
    const outer = { origin: scope.origin, lastOwner: scope.lastOwner }
    const inner = origin === undefined ? scope.origin : readName(origin, scope.origin, this.#problems)
    const included = this.#readIncluded(path, position.file)
    if (inner === undefined || included === undefined) return
    scope.origin = inner
    yield* this.parse(included.text, included.file, scope)
    Object.assign(scope, outer)
  }

  #readIncluded({ text, position }: Token, from: string): { file: string; text: string } | undefined {
    const refuse = (why: string): undefined => {
      this.#problems.error('SLICEDNS_ZONE_INCLUDE', position, `${quoted(text)} is not included: ${why}`)
      return undefined
    }
    if (this.#readFile === undefined)
      return refuse('a zone that is not read from a file includes none, write the lines here')
    if (this.#open.length > MAX_INCLUDE_DEPTH)
      return refuse(`at most ${MAX_INCLUDE_DEPTH} files stand within each other`)
    if (this.#includeCount++ >= MAX_INCLUDES) return refuse(`at most ${MAX_INCLUDES} files are included`)
    const included = this.#readFile(text, from)
    if ('reason' in included) return refuse(included.reason)
    if (this.#open.includes(included.file)) return refuse('it includes itself, remove one of the lines')
    return included
  }

  *#generate(position: Position, [range, ...tokens]: readonly Token[], scope: Scope): Steps<void> {
    if (range === undefined || tokens.length < 3) {
      this.#refuseGenerate(
        position,
        'write $GENERATE START-STOP NAME TYPE DATA, such as $GENERATE 1-9 host$ A 192.0.2.$',
      )
      return
    }
    const counted = rangeFromText(range.text)
    if (typeof counted === 'string') {
      this.#refuseGenerate(range.position, `${quoted(range.text)} is no range: ${counted}`)
      return
    }
    const templates: (readonly [Token, (value: number) => string | undefined])[] = []
    for (const token of tokens) {
      const template = templateFromText(token.text)
      if (template === undefined) {
        const hint = 'write $ or ${OFFSET,WIDTH,BASE} with a base of d, o, x, X, n or N'
        this.#refuseGenerate(token.position, `${quoted(token.text)} is no template: ${hint}`)
        return
      }
      templates.push([token, template])
    }
    const { lastOwner } = scope
    for (let value = counted.start; value <= counted.stop; value += counted.step) {
      if (endsStep(value - counted.start)) yield
      const [first, ...rest] = generateTokens(templates, value) ?? []
      if (first === undefined) {
        this.#refuseGenerate(
          position,
          `an offset takes ${value} below 0 or above 2147483647: change it or the range`,
        )
        break
      }
      // One report for all of them.
      if (!this.#add(readRecord({ tokens: [first, ...rest], startsBlank: false }, scope, this.#problems)))
        break
    }
    scope.lastOwner = lastOwner
  }

  #refuse(position: Position, message: string): void {
    this.#problems.error('SLICEDNS_ZONE_DIRECTIVE', position, message)
  }

  #refuseGenerate(position: Position, message: string): void {
    this.#problems.error('SLICEDNS_ZONE_GENERATE', position, message)
  }
}
