import { expect, test } from 'vitest'

import { BUSYBOX_NSLOOKUP, DIG, GETENT_AHOSTS, NSLOOKUP } from './commands.ts'
import { readAnswer } from './line-program.ts'

const header = (rcode: string) => `;; ->>HEADER<<- opcode: QUERY, status: ${rcode}, id: 7\n`

test('GETENT_AHOSTS reads addresses, and names of an address', () => {
  const addresses = '10.0.0.1       STREAM web.default.svc.cluster.local\n10.0.0.1       DGRAM  \n'
  expect(GETENT_AHOSTS.read(addresses, 0, 'any')).toEqual({ found: ['10.0.0.1', '10.0.0.1'] })
  expect(GETENT_AHOSTS.read('10.0.0.1        web.example.org\n', 0, 'reverse')).toEqual({
    found: ['web.example.org'],
  })
  expect(GETENT_AHOSTS.read('', 2, 'any')).toEqual({ found: [] })
  expect(GETENT_AHOSTS.read('', 1, 'any')).toHaveProperty('error')
})

test('DIG reads the records of every reply, and any RCODE that is a failure', () => {
  const records = 'a.example. 30 IN CNAME b.example.\nb.example.\t30\tIN\tA\t10.0.0.1\n'
  const ipv6 = ';b.example.\tIN\tAAAA\nb.example.\t30\tIN\tAAAA\tfd00::1\n'
  expect(DIG.read(header('NOERROR') + records + header('NOERROR') + ipv6, 0, 'any')).toEqual({
    found: ['10.0.0.1', 'fd00::1'],
  })
  expect(DIG.read('1.0.0.10.in-addr.arpa. 30 IN PTR b.example.\n', 0, 'reverse')).toEqual({
    found: ['b.example'],
  })
  expect(DIG.read(header('NXDOMAIN'), 0, 'any')).toEqual({ found: [] })
  expect(DIG.read(header('NOERROR') + records + header('SERVFAIL'), 0, 'any')).toEqual({
    found: [],
    error: 'SERVFAIL',
  })
  expect(DIG.read('', 9, 'any')).toEqual({ found: [], error: 'exit code 9' })
})

test('NSLOOKUP and BUSYBOX_NSLOOKUP read addresses, names and refusals, not the server’s own address', () => {
  const head = 'Server:\t\t10.200.0.53\nAddress:\t10.200.0.53#53\n\n'
  const aliased = 'a.example\tcanonical name = b.example.\nName:\tb.example\nAddress: 10.0.0.1\n'
  expect(NSLOOKUP.read(head + aliased, 0, 'any')).toEqual({ found: ['10.0.0.1'] })
  expect(NSLOOKUP.read('1.0.0.10.in-addr.arpa\tname = b.example.\n', 0, 'reverse')).toEqual({
    found: ['b.example'],
  })
  expect(NSLOOKUP.read(`${head}** server can't find a: NXDOMAIN\n`, 1, 'any')).toEqual({ found: [] })
  expect(NSLOOKUP.read(`${head}** server can't find a: SERVFAIL\n`, 1, 'any')).toHaveProperty('error')
  expect(NSLOOKUP.read(';; connection timed out; no servers could be reached\n', 1, 'any')).toHaveProperty(
    'error',
  )
  const half = `${head}Name:\ta.example\nAddress: 10.0.0.1\n** server can't find a.example: SERVFAIL\n`
  expect(NSLOOKUP.read(half, 1, 'any')).toHaveProperty('error', 'SERVFAIL')
  const partly = `${head}Name:\ta.svc.example\nAddress: 10.0.0.1\n\n** server can't find a.example: NXDOMAIN\n`
  expect(BUSYBOX_NSLOOKUP.read(partly, 0, 'any')).toEqual({ found: ['10.0.0.1'] })
})

test('readAnswer reads addresses, none and errors', () => {
  expect(readAnswer('0.412 10.96.1.2 fd00::1')).toEqual({ elapsedMs: 0.412, found: ['10.96.1.2', 'fd00::1'] })
  expect(readAnswer('0.3 www.example.org.')).toEqual({ elapsedMs: 0.3, found: ['www.example.org'] })
  expect(readAnswer('0.398 none')).toEqual({ elapsedMs: 0.398, found: [] })
  expect(readAnswer('5004.1 !EAI_AGAIN')).toEqual({ elapsedMs: 5004.1, found: [], error: 'EAI_AGAIN' })
})
