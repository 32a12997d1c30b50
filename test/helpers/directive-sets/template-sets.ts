import { questionsOf } from '../../plugins/differences-from-coredns.ts'
import type { DirectiveSet } from './directive-set.ts'

/** Both templates of the Corefile that AKS ships, before `forward`. */
export const AKS = String.raw`
  template ANY ANY internal.cloudapp.net {
    match "^(?:[^.]+\.){4,}internal\.cloudapp\.net\.$"
    rcode NXDOMAIN
    fallthrough
  }
  template ANY ANY reddog.microsoft.com {
    rcode NXDOMAIN
  }`

export const BY_ADDRESS = String.raw`template IN A example {
  match (^|[.])ip-(?P<a>[0-9]*)-(?P<b>[0-9]*)-(?P<c>[0-9]*)-(?P<d>[0-9]*)[.]example[.]$
  answer "{{ .Name }} 60 IN A {{ .Group.a }}.{{ .Group.b }}.{{ .Group.c }}.{{ .Group.d }}"
  fallthrough
}`

const COREFILES = [
  `${AKS}\n whoami`,
  `${BY_ADDRESS}\n whoami`,
  'template IN A {\n match ^(?P<hex>[0-9a-f]{2})\n answer "{{ .Name }} A 10.0.0.{{ parseInt .Group.hex 16 8 }}"\n}',
  'template ANY ANY example internal.cloudapp.net {\n match "^(?:a|ip)[.-]" "(?i)^X"\n answer "{{ .Name }} 7 IN TXT {{ .Type }} {{ .Class }} {{ .Zone }}"\n authority "{{ .Zone }} 60 IN NS ns.{{ .Zone }}"\n fallthrough example\n}\n whoami',
  'template IN ANY example {\n rcode NXDOMAIN\n authority "{{ .Zone }} 60 IN SOA ns.{{ .Zone }} h.{{ .Zone }} (1 60 60 60 60)"\n}\ntemplate IN ANY {\n answer "x.y 5 IN A 10.0.0.1"\n additional "z 5 IN AAAA fd00::1"\n}',
  'template IN A example {\n answer "{{ .Name }} 60 IN CNAME target.test."\n}\ntemplate IN A test {\n answer "{{ .Name }} 5 IN A 10.0.0.1"\n}\ntemplate IN AAAA {\n rcode REFUSED\n}\nwhoami',
  'metadata\ntemplate IN TXT {\n answer "{{ .Name }} 60 IN TXT ({{ .Meta `none/such` }}) {{ .Meta `x` }}."\n}\nwhoami',
] as const
const QUESTIONS = questionsOf(
  [
    'a.b.c.d.internal.cloudapp.net.',
    'b.c.d.internal.cloudapp.net.',
    'internal.cloudapp.net.',
    'x.reddog.microsoft.com.',
    'ip-10-0-0-7.example.',
    'x.ip-1-2-3-4.example.',
    'ip-10-0-0-700.example.',
    '0a.example.',
    'zz.example.',
    'X.example.',
    'example.',
    'target.example.',
    '.',
  ],
  ['A', 'AAAA', 'TXT', 'CNAME'],
)

/** Templates of all kinds: groups, several of them, CNAMEs, sections, RCODEs. */
export const TEMPLATE_SETS: readonly DirectiveSet[] = COREFILES.map((directives) => ({
  directives,
  questions: QUESTIONS,
}))
