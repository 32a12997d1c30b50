import { words } from '../target.ts'

/** Pieces of DNS messages: labels, pointers, record heads, options. */
export const MESSAGE_WORDS: readonly Uint8Array[] = [
  ...words(
    '\x07cluster\x05local\0',
    '\x03svc',
    '\x07default',
    '\x04_tcp',
    '\x05_http',
    '\x04_why',
    '\x03pod',
  ),
  ...words(
    '\x0aclusterip1',
    '\x09headless1',
    '\x03www\x07example\0',
    '\x07in-addr\x04arpa\0',
    '\x03ip6\x04arpa\0',
  ),
  ...words(
    '\x0010\x00\x01',
    '\x0110\x0196\x010\x011',
    '\x07_tcp.a\\',
    '\x02\0.',
    '\xc0\x0c',
    '\xc0\x00',
    '\xff\xff',
  ),
  ...words(
    `\x3f${'a'.repeat(63)}`,
    '\x01a'.repeat(127),
    '\xc0\x0c'.repeat(60),
    '\0\0\x01\0\x01',
    '\0\0\xff\0\xff',
  ),
  // OPT records, whole and broken; a TSIG, a SOA and an A record.
  ...words(
    '\0\0\x29\x04\xd0\0\0\x80\0\0\0',
    '\0\0\x29\x02\0\0\0\0\0\0\x04\0\x03\0\0',
    '\0\0\x29\xff\xff\0\x01\0\0\0\x01\0',
  ),
  ...words('\0\0\x0a\0\x08abcdefgh', '\0\x0c\0\0', '\0\x0b\0\x02\0\x0a', '\0\x08\0\x07\0\x01\x18\0\x7f\0\0'),
  ...words(
    '\0\0\xfa\0\xff\0\0\0\0\0\0',
    '\xc0\x0c\0\x06\0\x01\0\0\0\x05\0\x16\0\0',
    '\xc0\x0c\0\x01\0\x01\0\0\0\x05\0\x04\x0a\0\0\x01',
  ),
  ...words(
    '\xc0\x0c\0\x05\0\x01\0\0\0\x05\0\x02\xc0\x0c',
    '\xc0\x0c\0\x21\0\x01\0\0\0\x05\0\x08\0\0\0\x64\0\x50\xc0\x0c',
  ),
  ...words(
    '\xc0\x0c\0\x10\0\x01\0\0\0\x05\0\x02\x01a',
    '\xc0\x0c\0\x2e\0\x01\0\0\0\x05\0\x12',
    '\xc0\x0c\0\x27\0\x01\0\0\0\x05\0\x01\0',
  ),
]
