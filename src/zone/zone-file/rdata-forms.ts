import { RrType } from '../../wire/rrtype.ts'

/** What the data of a type looks like in a zone file, as the end of a sentence. */
export function rdataForm(rrtype: number): string {
  return FORMS.get(rrtype) ?? 'its octets as \\# SIZE HEX, the only form read for this type'
}

const FORMS: ReadonlyMap<number, string> = new Map<number, string>([
  [RrType.A, 'one IPv4 address such as 192.0.2.1'],
  [RrType.AAAA, 'one IPv6 address such as 2001:db8::1'],
  [RrType.NS, 'the name of one server'],
  [RrType.CNAME, 'one name'],
  [RrType.PTR, 'one name'],
  [RrType.DNAME, 'one name'],
  [
    RrType.SOA,
    'primary server, mailbox as a name, serial, refresh, retry, expire, minimum: ns hostmaster 1 7200 1800 86400 300',
  ],
  [RrType.MX, 'preference (0 to 65535) and mail server: 10 mail'],
  [RrType.TXT, 'one or more strings of at most 255 octets, in quotes where they hold spaces'],
  [RrType.SRV, 'priority, weight, port and server: 0 100 443 web'],
  [RrType.HINFO, 'two strings: "CPU" "OS"'],
  [RrType.NAPTR, 'order, preference, flags, services, regexp, replacement: 10 20 "s" "SIP+D2U" "" _sip._udp'],
  [RrType.DS, 'key tag, algorithm, digest type and digest in hexadecimal: 60485 13 2 0a0b'],
  [RrType.SSHFP, 'algorithm, fingerprint type and fingerprint in hexadecimal: 4 2 0a0b'],
  [RrType.TLSA, 'usage, selector, matching type and association in hexadecimal: 3 1 1 0a0b'],
  [RrType.SVCB, 'priority, target and parameters: 1 . alpn=h2'],
  [RrType.HTTPS, 'priority, target and parameters: 1 . alpn=h2'],
  [RrType.CAA, 'flags (0 to 255), tag and value: 0 issue "ca.example.net"'],
])
