import { expect, test } from 'vitest'
import { ask, lines, zoneOf } from './ask-zone.ts'

const zone = zoneOf(`
$TTL 60
@ SOA ns hostmaster 1 2 3 4 5
@ NS ns
@ NS NS.cut
@ MX 1 mail
@ MX 2 MAIL
@ MX 3 alias
@ MX 4 elsewhere.test.
@ MX 5 ns.cut
@ HTTPS 1 .
@ A 192.0.2.9
alias CNAME mail
ns A 192.0.2.1
mail A 192.0.2.2
mail AAAA 2001:db8::2
mail TXT x
_web._tcp SRV 0 0 80 mail
svc SVCB 1 mail
old SVCB 0 .
*.w A 192.0.2.3
w MX 1 x.w
cut NS ns.cut
ns.cut A 192.0.2.4
`)

test.each([
  [
    'MX: hosts of the zone, each once, aliases and what is delegated left out',
    'example. MX',
    ['mail.example. 60 IN A 192.0.2.2', 'mail.example. 60 IN AAAA 2001:db8::2'],
  ],
  [
    'SRV',
    '_web._tcp.example. SRV',
    ['mail.example. 60 IN A 192.0.2.2', 'mail.example. 60 IN AAAA 2001:db8::2'],
  ],
  [
    'NS: also glue, in the letter case of the record',
    'example. NS',
    ['ns.example. 60 IN A 192.0.2.1', 'NS.cut.example. 60 IN A 192.0.2.4'],
  ],
  ['a referral', 'x.cut.example. A', ['ns.cut.example. 60 IN A 192.0.2.4']],
  ['SVCB', 'svc.example. SVCB', ['mail.example. 60 IN A 192.0.2.2', 'mail.example. 60 IN AAAA 2001:db8::2']],
  ['HTTPS of the owner itself', 'example. HTTPS', ['example. 60 IN A 192.0.2.9']],
  ['an alias to nothing', 'old.example. SVCB', []],
  ['nothing made from a wildcard', 'w.example. MX', []],
  ['no other type', 'mail.example. TXT', []],
])('additionalAddresses of %s', (_, question, expected) => {
  expect(lines(ask(zone, question).additional)).toEqual(expected)
})
