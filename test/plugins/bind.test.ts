import { describe, expect, test } from 'vitest'

import { bind } from '../../src/plugins/bind.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

const LO = ['127.0.0.1', '::1']
const ETH0 = ['192.0.2.7', '2001:db8::7', 'fe80::7%eth0']
const INTERFACES: Readonly<Record<string, readonly string[]>> = { lo: LO, eth0: ETH0 }
const host = testHost({ interfaceAddresses: (name) => INTERFACES[name] ?? [] })
const bound = (text: string) => setUp(bind, text, host).bindAddresses

describe('bind', () => {
  test.for([
    ['addresses', 'bind 127.0.0.1 ::1', ['127.0.0.1', '::1']],
    ['an interface stands for its addresses', 'bind lo', ['127.0.0.1', '::1']],
    ['a link-local address keeps its zone', 'bind eth0', ['192.0.2.7', '2001:db8::7', 'fe80::7%eth0']],
    ['a link-local address with its zone', 'bind fe80::1%eth0', ['fe80::1%eth0']],
    ['several add up, each address once', 'bind lo\nbind 127.0.0.1 eth0', [...LO, ...ETH0]],
    ['except takes addresses out', 'bind lo eth0 {\nexcept eth0 ::1\n}', ['127.0.0.1']],
    ['except counts for its own bind only', 'bind lo {\nexcept ::1\n}\nbind ::1', ['127.0.0.1', '::1']],
    ['one address written in two ways is one', 'bind 2001:db8::7 2001:DB8:0::7', ['2001:db8::7']],
    [':: covers all others', 'bind :: 0.0.0.0 127.0.0.1', ['::']],
    ['0.0.0.0 covers IPv4', 'bind 127.0.0.1 0.0.0.0 ::1', ['0.0.0.0', '::1']],
  ] as const)('%s: %s', ([, text, expected]) => {
    expect(bound(text)).toEqual(expected)
  })

  test.for([
    [
      'bind',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:2:1: "bind" needs an argument; write bind ADDRESS|INTERFACE… { except ADDRESS|INTERFACE… }',
    ],
    [
      'bind 127.0.0.1 eth1',
      'SLICEDNS_CONFIG_BIND_ADDRESS Corefile:2:16: "eth1" is neither an IP address nor a network interface of this host; give an address such as 127.0.0.1 or ::1, or the name of an interface',
    ],
    ['bind 127.0.0.01', 'SLICEDNS_CONFIG_BIND_ADDRESS Corefile:2:6: "127.0.0.01" is neither'],
    ['bind 127.0.0.1:53', 'SLICEDNS_CONFIG_BIND_ADDRESS Corefile:2:6: "127.0.0.1:53" is neither'],
    ['bind lo {\n  except\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:3: "except" needs an argument'],
    ['bind lo {\n  except nope\n}', 'SLICEDNS_CONFIG_BIND_ADDRESS Corefile:3:10: "nope" is neither'],
    [
      'bind lo {\n  exept lo\n}',
      'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:3: unknown property "exept" of "bind"; did you mean "except"?',
    ],
    [
      'bind lo {\n  except lo\n}',
      'SLICEDNS_CONFIG_BIND_ADDRESS Corefile:2:1: "bind" leaves no address to listen on; take fewer addresses out with except',
    ],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(bind, text, host)).toContain(expected)
  })
})
