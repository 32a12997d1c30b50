import { ConfigError, quoted } from '../../config/config-error.ts'
import type { Argument, Directive } from '../../config/corefile.ts'
import { eachProperty, parseInteger, requireArgs, zoneArguments } from '../../config/directive-arguments.ts'
import type { ExtendedError } from '../../wire/extended-error.ts'
import type { DomainName } from '../../wire/name.ts'
import { RrType, rrTypeFromText } from '../../wire/rrtype.ts'
import { RrClass } from '../../wire/rrclass.ts'
import type { FallsThrough } from '../fallthrough.ts'
import { NEVER_FALLS_THROUGH, parseFallthrough } from '../fallthrough.ts'
import { refuseProperties } from '../not-supported.ts'
import { rcodeArgument } from '../rcode-argument.ts'
import type { Regexp } from '../regexp/regexp.ts'
import { regexpArgument } from '../regexp/regexp.ts'
import type { Template } from './go-template.ts'
import { templateArgument } from './go-template.ts'

/** What one `template` directive asks for. */
export interface TemplateOptions {
  readonly zones: readonly DomainName[]
  readonly qclass: number
  readonly qtype: number
  /** Empty: every name matches. */
  readonly patterns: readonly Regexp[]
  readonly answer: readonly Template[]
  readonly authority: readonly Template[]
  readonly additional: readonly Template[]
  readonly rcode: number
  readonly extendedError: ExtendedError | undefined
  /** Of names that no pattern matches. */
  readonly fallsThrough: FallsThrough
}

type Draft = { -readonly [Name in keyof TemplateOptions]: TemplateOptions[Name] }

const USAGE = 'template CLASS TYPE [ZONES…]'

/** Reads arguments and properties of one `template`. Throws a ConfigError. */
export function parseTemplateOptions(
  directive: Directive,
  blockZones: readonly DomainName[],
): TemplateOptions {
  requireArgs(directive, 2, Infinity, USAGE)
  const [qclass, qtype, ...zones] = directive.args
  const options: Draft = {
    zones: zones.length === 0 ? blockZones : zoneArguments(zones),
    qclass: numberOf(qclass, (text) => CLASSES.get(text.toUpperCase()), directive),
    qtype: numberOf(qtype, rrTypeFromText, directive),
    patterns: [],
    answer: [],
    authority: [],
    additional: [],
    rcode: 0,
    extendedError: undefined,
    fallsThrough: NEVER_FALLS_THROUGH,
  }
  eachProperty(directive, {
    match: (property) => {
      options.patterns = [...options.patterns, ...some(property, 'match REGEX…').map(regexpArgument)]
    },
    answer: (property) => {
      options.answer = [...options.answer, ...some(property, 'answer RR…').map(templateArgument)]
    },
    authority: (property) => {
      options.authority = [...options.authority, ...some(property, 'authority RR…').map(templateArgument)]
    },
    additional: (property) => {
      options.additional = [...options.additional, ...some(property, 'additional RR…').map(templateArgument)]
    },
    rcode: (property) => {
      requireArgs(property, 1, 1, 'rcode CODE')
      for (const argument of property.args) options.rcode = rcodeArgument(argument)
    },
    ederror: (property) => {
      options.extendedError = extendedErrorFrom(property)
    },
    fallthrough: (property) => {
      options.fallsThrough = parseFallthrough(property)
    },
    // Of old Corefiles; CoreDNS does without it too.
    upstream: () => {},
    ...refuseProperties(directive, ['var', 'expr']),
  })
  return options
}

const CLASSES = new Map<string, number>(Object.entries(RrClass))

function some(property: Directive, usage: string): readonly Argument[] {
  requireArgs(property, 1, Infinity, usage)
  return property.args
}

function extendedErrorFrom(property: Directive): ExtendedError | undefined {
  requireArgs(property, 1, 2, 'ederror CODE [REASON]')
  const [code, reason] = property.args
  return code && { code: parseInteger(code, { min: 0, max: 0xffff }), text: reason?.text ?? '' }
}

function numberOf(
  argument: Argument | undefined,
  fromText: (text: string) => number | undefined,
  { position }: Directive,
): number {
  const number = fromText(argument?.text ?? '')
  if (number !== undefined) return number
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `${quoted(argument?.text ?? '')} is neither a class nor a type`,
    position: argument?.position ?? position,
    hint: `write ${USAGE}, such as template IN A example.com, with ANY for all`,
  })
}

/** Whether a question is of the class and type that the template is for. */
export function isMeant(
  { qclass, qtype }: TemplateOptions,
  asked: { readonly qclass: number; readonly qtype: number },
): boolean {
  const isClass = qclass === RrClass.ANY || asked.qclass === qclass
  return isClass && (qtype === RrType.ANY || asked.qtype === RrType.ANY || asked.qtype === qtype)
}
