import type { Directive } from '../config/corefile.ts'
import { domainArgument, eachProperty, oneOf, requireArgs } from '../config/directive-arguments.ts'
import type { DomainName } from '../wire/name.ts'
import { isSubdomain, ROOT } from '../wire/name.ts'
import type { Next, Query, Reply } from '../zone/responder.ts'
import type { LogFormat } from './log-format.ts'
import { COMMON_FORMAT, parseLogFormat } from './log-format.ts'
import type { Plugin, PluginHost } from './plugin.ts'
import type { ReplyClass } from './reply-class.ts'
import { classifyReply } from './reply-class.ts'

const USAGE = 'class denial|error|success|all…'

const CLASSES = ['denial', 'error', 'success', 'all'] as const

/**
 * `log [NAMES…] [FORMAT] { class CLASS… }`: one line for every query below one of the names, in the words that log readers of
 * CoreDNS know: `127.0.0.1:50759 - 29008 "A IN example.org. udp 41 false 4096" NOERROR qr,rd,ra 68 0.037990251s`. Of several
 * the first one that holds the name decides, also where it is silent about a class of replies.
 */
export const log: Plugin = {
  name: 'log',
  setup(directives, { host }) {
    const rules = directives.map(parseRule)
    return {
      responder: (query, next) => {
        if (query.depth > 0) return next(query)
        const rule = rules.find(({ names }) => names.some((name) => isSubdomain(query.lowerName, name)))
        return rule === undefined ? next(query) : logged(query, next, { rule, host })
      },
    }
  },
}

interface Rule {
  readonly names: readonly DomainName[]
  readonly format: LogFormat
  /** Undefined for all. */
  readonly classes: ReadonlySet<ReplyClass['class']> | undefined
}

function parseRule(directive: Directive): Rule {
  const last = directive.args.at(-1)
  // A name has no braces in it, unless it is the only argument: then CoreDNS takes it for a name that nobody asks for.
  const hasFormat = last?.text.includes('{') === true
  const names = (hasFormat ? directive.args.slice(0, -1) : directive.args).map(domainArgument)
  return {
    names: names.length === 0 ? [ROOT] : names,
    format: parseLogFormat(hasFormat ? last.text : COMMON_FORMAT),
    classes: classesOf(directive),
  }
}

function classesOf(directive: Directive): Rule['classes'] {
  const words: (typeof CLASSES)[number][] = []
  eachProperty(directive, {
    class: (property) => {
      requireArgs(property, 1, Infinity, USAGE)
      words.push(...property.args.map((argument) => oneOf(argument, CLASSES)))
    },
  })
  const classes = words.filter((word) => word !== 'all')
  return words.length === 0 || classes.length < words.length ? undefined : new Set(classes)
}

function logged(
  query: Query,
  next: Next,
  { rule: { format, classes }, host }: { readonly rule: Rule; readonly host: PluginHost },
): Reply | Promise<Reply> {
  const startMs = host.nowMs()
  let answered: Reply | undefined
  query.onReplied((sent) => {
    const replyClass = classifyReply(sent.rcode, answered)
    if (classes !== undefined && !classes.has(replyClass.class)) return
    host.log.info(format({ query, sent, durationMs: host.nowMs() - startMs, replyClass }))
  })
  const keep = (reply: Reply): Reply => (answered = reply)
  const reply = next(query)
  return reply instanceof Promise ? reply.then(keep) : keep(reply)
}
