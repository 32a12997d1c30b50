import { ExtendedErrorCode } from '../wire/extended-error.ts'
import { lowerCase } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import { RrType, rrTypeToText } from '../wire/rrtype.ts'
import { rrClassToText } from '../wire/rrclass.ts'
import { joinChain } from '../zone/cname-chain.ts'
import { failureReply } from '../zone/failure-reply.ts'
import type { Query, Reply } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'
import { longestZone } from './longest-zone.ts'
import type { Plugin } from './plugin.ts'
import type { TemplateData } from './template/go-template.ts'
import type { TemplateMetrics } from './template/template-metrics.ts'
import { createTemplateMetrics } from './template/template-metrics.ts'
import type { TemplateOptions } from './template/template-options.ts'
import { isMeant, parseTemplateOptions } from './template/template-options.ts'
import { joinRRsets, recordFromText } from './template/template-record.ts'

/**
 * `template CLASS TYPE [ZONES…] { … }`: answers with records, or an RCODE, made from the name. Several are tried in the order
 * of the Corefile.
 */
export const template: Plugin = {
  name: 'template',
  setup(directives, { zones, server, viewName, host }) {
    const metrics = createTemplateMetrics(host.metrics, { server, viewName })
    const templates = directives.map((directive) => parseTemplateOptions(directive, zones))
    return {
      responder: (query, next) => {
        for (const options of templates) {
          const zone = longestZone(options.zones, query.lowerName)
          if (zone === undefined || !isMeant(options, query.question)) continue
          const data = match(options, query, zone)
          if (data !== undefined) {
            metrics.matched(data)
            return replyFrom({ options, data, metrics }, query)
          }
          if (options.fallsThrough(query.lowerName)) continue
          return failureReply(`no template of this server block matches ${query.lowerName}`)
        }
        return next(query)
      },
    }
  },
}

/** What the first pattern that matches found. */
function match(options: TemplateOptions, query: Query, zone: string): TemplateData | undefined {
  const { lowerName, question, client } = query
  const { qtype, qclass } = question
  const facts = {
    name: lowerName,
    zone,
    type: rrTypeToText(qtype === RrType.ANY ? options.qtype : qtype),
    class: rrClassToText(qclass),
    remote: client.address,
    meta: (label: string) => query.metadata?.get(label),
  }
  if (options.patterns.length === 0)
    return { ...facts, regex: '.*', match: [lowerName], group: new Map([['0', lowerName]]) }
  for (const pattern of options.patterns) {
    const found = pattern.match(lowerName)
    if (found === undefined) continue
    const group = new Map(found.map((text, index) => [String(index), text]))
    pattern.groupNames.forEach((name, index) => {
      if (name !== undefined) group.set(name, found[index] ?? '')
    })
    return { ...facts, regex: pattern.source, match: found, group }
  }
  return undefined
}

/** A template that answers a query. */
interface Match {
  readonly options: TemplateOptions
  readonly data: TemplateData
  readonly metrics: TemplateMetrics
}

function replyFrom(matched: Match, query: Query): Reply | Promise<Reply> {
  const { options, data } = matched
  const { rcode, extendedError } = options
  if (rcode === Rcode.SERVFAIL) return failed('a template of this server block says SERVFAIL', options)
  const answer = recordsFrom(matched, 'answer', query)
  const authority = recordsFrom(matched, 'authority', query)
  const additional = recordsFrom(matched, 'additional', query)
  if (answer === undefined || authority === undefined || additional === undefined)
    return failed(`a template of this server block makes no record of ${data.name}`, options)
  const reply: Reply = { rcode, authoritativeAnswer: true, answer, authority, additional }
  const last = answer.at(-1)
  if (last?.rrtype === RrType.CNAME && isChased(options, query)) return chase(reply, last, query)
  if (extendedError !== undefined) return { ...reply, extendedError }
  const isNegative = rcode !== Rcode.NOERROR || answer.length === 0
  return isNegative ? { ...reply, extendedError: BY_TEMPLATE } : reply
}

const BY_TEMPLATE = { code: ExtendedErrorCode.OTHER, text: 'a template of this server block says so' }

function failed(text: string, { extendedError }: TemplateOptions): Reply {
  const reply = failureReply(text)
  return extendedError === undefined ? reply : { ...reply, extendedError }
}

/** Undefined where one of them makes no record. */
function recordsFrom(
  { options, data, metrics }: Match,
  section: 'answer' | 'authority' | 'additional',
  { question, lowerName }: Query,
): readonly RRset[] | undefined {
  const records: RRset[] = []
  for (const { fill, text } of options[section]) {
    const line = fill(data)
    if (line === undefined) {
      metrics.notFilled(data, section, text)
      return undefined
    }
    const record = recordFromText(line)
    if (record === undefined) {
      metrics.noRecord(data, section, text)
      return undefined
    }
    // The name that was asked, in the asker's letter case.
    records.push(lowerCase(record.owner) === lowerName ? { ...record, owner: question.qname } : record)
  }
  return joinRRsets(records)
}

function isChased({ rcode }: TemplateOptions, { question: { qtype } }: Query): boolean {
  return rcode === Rcode.NOERROR && qtype !== RrType.CNAME && qtype !== RrType.ANY
}

/** The rest of a chain that a CNAME of the template begins (differences.md 13). */
function chase(reply: Reply, { rdatas: [rdata] }: RRset, query: Query): Reply | Promise<Reply> {
  if (rdata?.kind !== 'CNAME') return reply
  const join = (rest: Reply): Reply => {
    const joined = joinChain({ rrsets: reply.answer, authoritativeAnswer: true }, rest)
    return {
      ...joined,
      authority: [...reply.authority, ...joined.authority],
      additional: [...reply.additional, ...joined.additional],
    }
  }
  const rest = query.resolve({ ...query.question, qname: rdata.target })
  return rest instanceof Promise ? rest.then(join) : join(rest)
}
