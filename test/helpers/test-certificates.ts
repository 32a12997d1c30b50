import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { tempFolder } from './temp-folder.ts'

/** A certificate in PEM, its key, and the certificate that it is to be checked with. */
export interface TestCertificate {
  readonly cert: string
  readonly key: string
  readonly ca: string
}

export interface CertificateOptions {
  /** `dns.example` or `127.0.0.1`. */
  readonly name: string
  /** The time in which it is valid, as openssl reads it: `20200101000000Z`. */
  readonly validity?: readonly [string, string]
}

/** Makes a certificate authority of its own and a certificate signed by it. Needs the command openssl. */
export function makeCertificate({ name, validity }: CertificateOptions): TestCertificate {
  const folder = tempFolder()
  const file = (leaf: string) => join(folder, leaf)
  const openssl = (...args: readonly string[]) =>
    execFileSync(
      'openssl',
      args.flatMap((arg) => (arg.startsWith('/') ? [arg] : arg.split(' '))),
      { cwd: folder, stdio: 'pipe' },
    )
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '10',
    '-subj',
    '/CN=test CA',
  )
  openssl('req', '-new', ...newKey, '-keyout', 'host.key', '-out', 'host.csr', '-subj', '/CN=test host')
  const isAddress = /^[\d.]+$/.test(name)
  writeFileSync(file('extensions'), `subjectAltName=${isAddress ? 'IP' : 'DNS'}:${name}\n`)
  writeFileSync(file('ca.cnf'), CA_CONFIG)
  writeFileSync(file('index.txt'), '')
  writeFileSync(file('serial'), '01\n')
  const [from, to] = validity ?? []
  const dates =
    from === undefined || to === undefined ? ['-days', '10'] : ['-startdate', from, '-enddate', to]
  openssl(
    'ca -batch -config ca.cnf -in host.csr -out host.pem -notext -cert ca.pem -keyfile ca.key -extfile extensions',
    ...dates,
  )
  const read = (leaf: string) => readFileSync(file(leaf), 'utf8')
  return { cert: read('host.pem'), key: read('host.key'), ca: read('ca.pem') }
}

const CA_CONFIG = `[ca]
default_ca = test
[test]
new_certs_dir = .
database = index.txt
serial = serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`
