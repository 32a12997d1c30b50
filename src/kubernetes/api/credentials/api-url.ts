import { CredentialsError } from './credentials.ts'

/**
 * Takes a server's URL apart: a user and password in it are said in a header (RFC 7617). `HOST:PORT` alone has `scheme`. Throws
 * CredentialsError.
 */
export function splitUrl(
  text: string,
  scheme: 'http' | 'https' = 'http',
): { url: URL; headers: Readonly<Record<string, string>> } {
  const problem = urlProblem(text)
  if (problem !== undefined) {
    throw new CredentialsError(
      'SLICEDNS_API_URL',
      `${JSON.stringify(text)} ${problem}; write https://HOST:PORT`,
    )
  }
  const url = new URL(withScheme(text, scheme))
  const { username, password } = url
  url.username = ''
  url.password = ''
  if (username === '' && password === '') return { url, headers: {} }
  return { url, headers: basicAuthorization(decodeURIComponent(username), decodeURIComponent(password)) }
}

/** What keeps a text from being the URL of an API server; undefined for nothing. */
export function urlProblem(text: string): string | undefined {
  const url = URL.parse(withScheme(text))
  if (url === null || url.hostname === '') return 'is no URL'
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'is neither http nor https'
  return url.search === '' && url.hash === '' ? undefined : 'has more than host, port and path'
}

export function basicAuthorization(user: string, password: string): Readonly<Record<string, string>> {
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

function withScheme(text: string, scheme = 'http'): string {
  return text.includes('://') ? text : `${scheme}://${text}`
}
