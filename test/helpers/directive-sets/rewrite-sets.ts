import { questionsOf } from '../../plugins/differences-from-coredns.ts'
import type { DirectiveSet } from './directive-set.ts'

/** Names and values of all kinds below `b.test`, for whatever is rewritten to it. */
const BEHIND = `
  template IN A b.test {
    answer "{{ .Name }} 30 IN A 10.0.0.1"
    authority "b.test. 30 IN NS ns.{{ .Name }}"
    additional "ns.{{ .Name }} 30 IN A 10.0.0.2"
  }
  template IN SRV b.test {
    answer "{{ .Name }} 30 IN SRV 0 1 80 x.{{ .Name }}"
    additional "x.{{ .Name }} 30 IN AAAA fd00::1"
  }
  template IN MX b.test {
    answer "{{ .Name }} 30 IN MX 5 {{ .Name }}"
  }
  template IN CNAME b.test {
    answer "{{ .Name }} 30 IN CNAME cn.b.test."
  }
  template IN A c.test {
    answer "{{ .Name }} 30 IN CNAME old.b.test."
  }
  template IN TXT b.test {
    match ^www
    rcode NXDOMAIN
    authority "b.test. 30 IN SOA ns.{{ .Name }} h.b.test. 1 2 3 4 5"
  }
  template IN AAAA b.test {
    rcode REFUSED
  }
  whoami`
const RULES = [
  'rewrite name www.a.test www.b.test',
  'rewrite name exact www.a.test b.test answer value (.*)\\.b\\.test {1}.c.test',
  'rewrite name suffix .a.test .b.test',
  'rewrite name suffix .a.test. .b.test. answer auto',
  'rewrite name suffix a.test b.test answer auto',
  'rewrite name prefix www.a. www.b.',
  'rewrite name prefix www.a. www.b. answer auto',
  'rewrite name substring a.test b.test answer auto',
  'rewrite name regex (.*)\\.a\\.test {1}.b.test',
  'rewrite name regex (.*)\\.a\\.test {1}.b.test answer auto',
  'rewrite name regex ^([a-z]+)-([a-z]+)\\.a\\.test\\.$ {2}.{1}.b.test answer name ^(.*)\\.(.*)\\.b\\.test\\.$ {2}-{1}.a.test',
  'rewrite stop {\n name regex (.*)\\.a\\.test {1}.b.test\n answer name (.*)\\.b\\.test {1}.a.test\n answer value (.*)\\.b\\.test {1}.v.test\n}',
  'rewrite continue name www.a.test x.a.test\nrewrite name suffix .a.test .b.test answer auto',
  'rewrite name suffix .a.test .b.test answer auto\nrewrite name www.b.test no.test',
  'rewrite type MX A\nrewrite name suffix .a.test .b.test answer auto',
  'rewrite continue type MX A\nrewrite name suffix .a.test .b.test answer auto',
  'rewrite continue ttl regex .* 60-\nrewrite name suffix .a.test .b.test answer auto',
  'rewrite continue rcode suffix a.test NXDOMAIN NOERROR\nrewrite name suffix .a.test .b.test answer auto',
  'rewrite continue rcode suffix a.test REFUSED NOERROR\nrewrite name suffix .a.test .b.test answer auto',
  'rewrite continue cname exact old.b.test new.b.test\nrewrite name suffix .a.test .b.test',
  'rewrite cname regex ^old[.](.*)$ x.{1}',
  'rewrite continue edns0 local set 0xffee abcd\nrewrite name suffix .a.test .b.test answer auto',
  'metadata\nrewrite edns0 local replace 0xffef {none/such}\nrewrite continue edns0 local append 0xffee {none/such}\nrewrite name suffix .a.test .b.test answer auto',
] as const
const QUESTIONS = questionsOf(
  [
    'www.a.test.',
    'x.www.a.test.',
    'ftp-us.a.test.',
    'a.test.',
    'www.b.test.',
    'aa.test.',
    'c.test.',
    'other.',
    '.',
  ],
  ['A', 'AAAA', 'SRV', 'MX', 'TXT', 'CNAME'],
)

/** Every kind of rule in front of templates that answer what it leads to. */
export const REWRITE_SETS: readonly DirectiveSet[] = RULES.map((rules) => ({
  directives: `${rules}\n${BEHIND}`,
  questions: QUESTIONS,
}))
