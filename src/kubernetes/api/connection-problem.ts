import type { ApiServer } from './credentials/credentials.ts'

/** What went wrong between us and the API server, on one line, and what to do about it. */
export function connectionProblem(error: unknown, server: ApiServer): string {
  const code = codeOf(error) ?? ''
  const why = error instanceof Error ? error.message || code : String(error)
  const problem = PROBLEMS.find(({ signs }) => signs.test(`${code} ${why}`))
  const text = problem?.text(server, why, code) ?? `the connection to ${server.url.origin} failed: ${why}`
  return text.replaceAll(/\s+/g, ' ')
}

interface Problem {
  /** In the code and the message of the error, as Node and OpenSSL write them. */
  readonly signs: RegExp
  readonly text: (server: ApiServer, why: string, code: string) => string
}

/** The first whose pattern fits counts. */
const PROBLEMS: readonly Problem[] = [
  {
    signs: /^ECONNREFUSED\b/,
    text: ({ url }) => `${url.origin} refuses the connection; look whether the API server runs there`,
  },
  {
    signs: /^(ENOTFOUND|EAI_AGAIN)\b/,
    text: ({ url }, _why, code) =>
      `the host of ${url.origin} is not known (${code}); look at the URL, and at the resolver of this host`,
  },
  {
    signs: /^(E(HOST|NET)(UNREACH|DOWN)|ETIMEDOUT|EADDRNOTAVAIL)\b/,
    text: ({ url }, _why, code) =>
      `there is no way to ${url.origin} (${code}); look at routes, firewalls and network policies`,
  },
  {
    signs: /^(ECONNRESET|EPIPE)\b/,
    text: ({ url }, _why, code) => `${url.origin} broke the connection (${code})`,
  },
  {
    signs: /^ERR_TLS_CERT_ALTNAME_INVALID\b/,
    text: ({ url }, why) =>
      `the certificate of ${url.origin} is for another name; take a URL that it names, or tls-server-name in a kubeconfig: ${why}`,
  },
  {
    signs: /^(CERT_|CRL_|\w*(SELF_SIGNED|_ISSUER|UNABLE_TO|INVALID_CA|INVALID_PURPOSE))/,
    text: ({ url, tls }, why) =>
      `the certificate of ${url.origin} is not trusted: ${withoutHint(why)}; it was checked with ${tls.caText}, which must hold its issuer`,
  },
  {
    signs: /wrong version number|packet length too long/i,
    text: ({ url }) => `${url.origin} does not speak TLS; look whether its URL should begin with http://`,
  },
  {
    signs: /\balert\b|_ALERT_/,
    text: ({ url, tls }, why) =>
      `${url.origin} refuses the TLS connection: ${why}; look whether it takes ${tls.certificateText ?? 'clients without a certificate'}`,
  },
  {
    signs: /^HPE_/,
    text: ({ url }, _why, code) => `${url.origin} sends what is not HTTP/1.1 (${code})`,
  },
]

/** Node adds what a user could do who has no CA of their own. */
function withoutHint(message: string): string {
  return message.split(';', 1).join('')
}

/** Of several attempts, one for each address of a host, that of the first that tells one. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return error instanceof AggregateError
    ? error.errors.map((one) => codeOf(one)).find((code) => code !== undefined)
    : undefined
}
