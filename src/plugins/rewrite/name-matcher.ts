import { ConfigError, quoted } from '../../config/config-error.ts'
import type { Argument } from '../../config/corefile.ts'
import { oneOf } from '../../config/directive-arguments.ts'
import { regexpArgument } from '../regexp/regexp.ts'

/** How a text is compared with a name. */
const MATCH_KINDS = ['exact', 'prefix', 'suffix', 'substring', 'regex'] as const
export type MatchKind = (typeof MATCH_KINDS)[number]

/** The text that a name, in lower case and with its last dot, becomes; undefined where it does not match. */
export type NameSubstitution = (name: string) => string | undefined

/** Whether an argument is the kind of a match rather than a text to compare with. */
export function matchKindArgument(argument: Argument): MatchKind {
  return oneOf({ ...argument, text: argument.text.toLowerCase() }, MATCH_KINDS)
}

/** What a rule with FROM and TO does to names. Throws a ConfigError. */
export function nameSubstitution(kind: MatchKind, from: Argument, to: Argument): NameSubstitution {
  if (kind === 'regex') return regexSubstitution(from, to, absolute(to.text))
  return textSubstitution(kind, absolute(from.text), absolute(to.text))
}

/** The same for texts that are compared as they are. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
export function textSubstitution(
  kind: Exclude<MatchKind, 'regex'>,
  from: string,
  to: string,
): NameSubstitution {
  switch (kind) {
    case 'exact':
      return (name) => (name === from ? to : undefined)
    case 'prefix':
      return (name) => (name.startsWith(from) ? to + name.slice(from.length) : undefined)
    case 'suffix':
      return (name) => (name.endsWith(from) ? name.slice(0, name.length - from.length) + to : undefined)
    case 'substring':
      return (name) => (name.includes(from) ? name.replaceAll(from, () => to) : undefined)
  }
}

/** `replacement` is TO as it is put in: it may have `{0}` for the whole match and `{1}`, `{2}` … for its groups. Throws a ConfigError. */
export function regexSubstitution(from: Argument, to: Argument, replacement: string): NameSubstitution {
  const regexp = regexpArgument(from)
  const groupCount = regexp.groupNames.length - 1
  for (const [reference, digits] of replacement.matchAll(GROUP_REFERENCE)) {
    if (Number(digits) <= groupCount) continue
    throw new ConfigError({
      code: 'SLICEDNS_CONFIG_REGEXP',
      message: `${quoted(to.text)} uses ${reference}, and the pattern ${quoted(from.text)} has ${groupCount} groups`,
      position: to.position,
      hint: 'put ( and ) around the part of the pattern that is meant',
    })
  }
  return (name) => {
    const groups = regexp.match(name)
    return (
      groups && replacement.replaceAll(GROUP_REFERENCE, (_, digits: string) => groups[Number(digits)] ?? '')
    )
  }
}

const GROUP_REFERENCE = /\{(\d{1,3})\}/g

/** In lower case and with a last dot, as names are compared. */
export function absolute(text: string): string {
  return text.endsWith('.') ? text.toLowerCase() : `${text.toLowerCase()}.`
}
