import { describe, expect, test } from 'vitest'

import { connectionProblem } from '../../../src/kubernetes/api/connection-problem.ts'
import type { ApiServer } from '../../../src/kubernetes/api/credentials/credentials.ts'

const SERVER: ApiServer = {
  url: new URL('https://10.96.0.1/prefix'),
  tls: {
    secureContext: undefined,
    serverName: undefined,
    verifies: true,
    caText: 'the CA in /ca.crt',
    certificateText: undefined,
  },
  proxy: undefined,
}

const withCode = (code: string, message = 'what Node says') => Object.assign(new Error(message), { code })

describe('connectionProblem', () => {
  test.for([
    [
      withCode('ECONNREFUSED'),
      'https://10.96.0.1 refuses the connection; look whether the API server runs there',
    ],
    [
      withCode('EHOSTUNREACH'),
      'there is no way to https://10.96.0.1 (EHOSTUNREACH); look at routes, firewalls and network policies',
    ],
    [withCode('EPIPE'), 'https://10.96.0.1 broke the connection (EPIPE)'],
    [
      withCode('CERT_HAS_EXPIRED', 'certificate has expired'),
      'the certificate of https://10.96.0.1 is not trusted: certificate has expired; it was checked with the CA in /ca.crt, which must hold its issuer',
    ],
    [
      withCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'alert number 116'),
      'https://10.96.0.1 refuses the TLS connection: alert number 116; look whether it takes clients without a certificate',
    ],
    [
      new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')]),
      'https://10.96.0.1 refuses the connection; look whether the API server runs there',
    ],
    [new Error('two\n  lines'), 'the connection to https://10.96.0.1 failed: two lines'],
    ['no error at all', 'the connection to https://10.96.0.1 failed: no error at all'],
  ] as const)('%s', ([error, expected]) => {
    expect(connectionProblem(error, SERVER)).toBe(expected)
  })
})
