import type { ApiServer } from './credentials/credentials.ts'

/** What went wrong between us and the API server, on one line, and what to do about it. */
export function connectionProblem(error: unknown, server: ApiServer): string {
  const code = codeOf(error) ?? ''
  const why = error instanceof Error && error.message !== '' ? error.message : code
  const problem = PROBLEMS.find(({ codes }) => codes.test(code))
  const text = problem?.text(server, why, code) ?? `the connection to ${server.url.origin} failed: ${why}`
  return text.replaceAll(/\s+/g, ' ')
}

interface Problem {
  /** As Node and OpenSSL write them. */
  readonly codes: RegExp
  readonly text: (server: ApiServer, why: string, code: string) => string
}

/** The first whose pattern fits counts. */
const PROBLEMS: readonly Problem[] = [
  {
    codes: /^ECONNREFUSED$/,
    text: ({ url }) => `${url.origin} refuses the connection; is the API server there?`,
  },
  {
    codes: /^(ENOTFOUND|EAI_AGAIN)$/,
    text: ({ url }, _why, code) =>
      `the host of ${url.origin} is not known (${code}); is the URL right, and does the resolver of this host answer?`,
  },
  {
    codes: /^(E(HOST|NET)(UNREACH|DOWN)|ETIMEDOUT|EADDRNOTAVAIL)$/,
    text: ({ url }, _why, code) =>
      `there is no way to ${url.origin} (${code}); look at routes, firewalls and network policies`,
  },
  {
    codes: /^(ECONNRESET|EPIPE)$/,
    text: ({ url }, _why, code) => `${url.origin} broke the connection (${code})`,
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    text: ({ url }, why) =>
      `the certificate of ${url.origin} is for another name: ${why}; take a URL that it names, or tls-server-name in a kubeconfig`,
  },
  {
    codes: /SELF_SIGNED|_ISSUER|UNABLE_TO|^CERT_|^CRL_|INVALID_CA|INVALID_PURPOSE/,
    text: ({ url, tls }, why) =>
      `the certificate of ${url.origin} is not trusted: ${why}; it was checked with ${tls.caText}, which must hold its issuer`,
  },
  {
    codes: /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/,
    text: ({ url }) => `${url.origin} does not speak TLS; does its URL begin with http://?`,
  },
  {
    codes: /_ALERT_/,
    text: ({ url, tls }, why) =>
      `${url.origin} refuses the TLS connection: ${why}; does it take ${tls.certificateText ?? 'clients without a certificate'}?`,
  },
  {
    codes: /^HPE_/,
    text: ({ url }, _why, code) => `${url.origin} sends what is not HTTP/1.1 (${code})`,
  },
]

/** Of several attempts, one for each address of a host, that of the first that tells one. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return error instanceof AggregateError
    ? error.errors.map((one) => codeOf(one)).find((code) => code !== undefined)
    : undefined
}
