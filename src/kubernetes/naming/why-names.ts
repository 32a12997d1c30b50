import { asDomainName, type DomainName } from '../../wire/name.ts'
import { RrType, rrTypeToText } from '../../wire/rrtype.ts'
import type { NamingContext } from './naming-context.ts'
import { type Found, type Node, node } from './node.ts'
import { whyUnknown } from './pick.ts'

const PREFIX = '_why.'
/** Octets in one character-string (RFC 1035 3.3). */
const MAX_STRING_OCTETS = 255

/** The name that a `_why` name asks about; undefined where it is none. Both in lower case. */
export function nameExplainedBy(lowerName: DomainName): DomainName | undefined {
  return lowerName.startsWith(PREFIX) ? asDomainName(lowerName.slice(PREFIX.length)) : undefined
}

/** What stands at `_why.<name>`: TXT that says what the name is, or why it is not and how to mend it (differences.md 21). */
export function whyNode(name: DomainName, found: Found, context: NamingContext): Node {
  const strings = sentences(name, found, context).flatMap(characterStrings)
  const ttlSeconds = context.negativeTtlSeconds
  return node(`explanation of ${name}`, [
    { rrtype: RrType.TXT, ttlSeconds, rdatas: () => [{ kind: 'TXT', strings }] },
  ])
}

function sentences(name: DomainName, found: Found, context: NamingContext): readonly string[] {
  const doubts = context.store.sourceDoubts()
  if (found.kind === 'node') return [found.reason.text, contents(found), ...found.hints(), ...doubts]
  const unknown = whyUnknown(found, context)
  if (unknown !== undefined) return [unknown, ...context.store.sourceState(), ...doubts]
  const goesOn = context.options.fallsThrough(name)
  return [
    found.text,
    ...(goesOn ? ['The question goes on to the next plugin (fallthrough).'] : []),
    ...found.hints(),
    ...doubts,
  ]
}

function contents({ data }: Node): string {
  return data.length === 0
    ? 'It has no records of its own.'
    : `Its records: ${data.map(({ rrtype }) => rrTypeToText(rrtype)).join(', ')}.`
}

/** A sentence as the octets of its UTF-8 form, in pieces that fit. */
function characterStrings(sentence: string): readonly string[] {
  const octets = Buffer.from(sentence, 'utf8').toString('latin1')
  const strings: string[] = []
  for (let start = 0; start < octets.length; start += MAX_STRING_OCTETS) {
    strings.push(octets.slice(start, start + MAX_STRING_OCTETS))
  }
  return strings
}
