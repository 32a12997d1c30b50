import { expect, test } from 'vitest'

import { parseResolvConf } from '../../src/forward/resolv-conf.ts'

test('parseResolvConf keeps the nameservers in order, each once, and the zone of a link-local one', () => {
  const text = [
    '# made by the network manager',
    'search default.svc.cluster.local svc.cluster.local',
    'nameserver 10.0.0.2',
    '  nameserver\t2001:db8::53 ; second',
    'nameserver fe80::1%eth0#third',
    'nameserver 10.0.0.2',
    'options ndots:5',
    ';nameserver 10.0.0.9',
  ].join('\r\n')
  expect(parseResolvConf(text)).toEqual({
    upstreams: [
      { address: '10.0.0.2', port: 53 },
      { address: '2001:db8::53', port: 53 },
      { address: 'fe80::1%eth0', port: 53 },
    ],
    warnings: [],
  })
})

test('parseResolvConf ignores lines that name no address, with a warning each', () => {
  const { upstreams, warnings } = parseResolvConf(
    'nameserver dns.example\nnameserver\nnameserver 10.0.0.2:53\n',
  )
  expect(upstreams).toEqual([])
  expect(warnings).toEqual([
    expect.stringMatching(/^line 1: .*"dns\.example" is not an IP address/),
    expect.stringMatching(/^line 2: nameserver without an address/),
    expect.stringMatching(/^line 3: .*"10\.0\.0\.2:53" is not an IP address/),
  ])
})

test('parseResolvConf finds nothing in an empty file and takes no longer word for nameserver', () => {
  expect(parseResolvConf('')).toEqual({ upstreams: [], warnings: [] })
  expect(parseResolvConf('nameservers 10.0.0.2').upstreams).toEqual([])
})
