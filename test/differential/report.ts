import type { Rule } from './case.ts'
import { digArguments } from './compose-query.ts'
import type { Finding } from './examine.ts'
import type { Tally } from './tally.ts'

/** How a finding is shown: what was asked, each field that differs, and how to ask again. */
export function describeFinding({ subject: { query }, unlisted, fault }: Finding, command: string): string {
  const lines = unlisted.map(
    ({ field, ours, theirs }) => `    ${field}\n${block('SliceDNS', ours)}${block('CoreDNS', theirs)}`,
  )
  return [
    `  ${query.name} type ${query.type} (${query.kind} of ${query.state})`,
    ...(fault === undefined ? [] : [`    ${fault}`]),
    ...lines,
    `    again: ${command} --keep`,
    `           dig @127.0.0.1 -p PORT ${digArguments(query)}\n`,
  ].join('\n')
}

function block(who: string, text: string): string {
  const [first = '', ...others] = text.split('\n')
  return (
    [`      ${who.padEnd(8)}  ${first}`, ...others.map((line) => `                ${line}`)].join('\n') + '\n'
  )
}

/** The table of configurations, and the rules with how often each allowed a difference. */
export function composeTable(tally: Tally, rules: readonly Rule[]): string {
  const rows = [...tally.profiles].map(([name, counts]) =>
    [
      name.padEnd(20),
      ...[counts.queries, counts.unlisted, counts.unanswered, counts.steps, counts.unsettled].map((count) =>
        String(count).padStart(11),
      ),
      `${counts.seconds.toFixed(1)} s`.padStart(9),
    ].join(''),
  )
  const head = `${'Corefile'.padEnd(20)}${['queries', 'unlisted', 'unanswered', 'steps', 'unsettled'].map((word) => word.padStart(11)).join('')}     time`
  const hits = rules.map(
    (rule) => `${rule.number.padStart(4)}  ${String(tally.hits.get(rule) ?? 0).padStart(8)}  ${rule.summary}`,
  )
  return [head, ...rows, '', 'rule      hits  what differs (docs/differences.md)', ...hits].join('\n')
}
