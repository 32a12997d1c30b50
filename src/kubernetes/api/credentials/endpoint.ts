import { createSecureContext } from 'node:tls'

import { splitUrl } from './api-url.ts'
import type { ApiServer, Credentials, ServerTls } from './credentials.ts'
import { CredentialsError } from './credentials.ts'
import type { EndpointTls } from './credentials-options.ts'
import { keepWhileSame } from './keep-while-same.ts'
import { LastingFile } from './lasting-file.ts'

/** A server that is named by its URL. Files are read for each request, so that new certificates count for the next connection. */
export function createEndpointCredentials(text: string, tls: EndpointTls | undefined): Credentials {
  // As client-go takes an address without a scheme.
  const { url, headers } = splitUrl(text, tls === undefined ? 'http' : 'https')
  const files = tls && [tls.certFile, tls.keyFile, tls.caFile].map((path) => new LastingFile(path))
  const serverWith = keepWhileSame((texts): ApiServer => ({
    url,
    tls: tls === undefined ? SYSTEM_TLS : fileTls(tls, texts),
    proxy: undefined,
  }))
  return {
    current: async () => {
      const texts = await Promise.all(files?.map((file) => file.read()) ?? [])
      return { server: serverWith(texts), headers }
    },
    refused: () => {},
  }
}

const SYSTEM_TLS: ServerTls = {
  secureContext: undefined,
  serverName: undefined,
  verifies: true,
  caText: 'the CAs that the system trusts',
  certificateText: undefined,
}

function fileTls(
  { certFile, keyFile, caFile }: EndpointTls,
  [cert = '', key = '', ca = '']: readonly (string | undefined)[],
): ServerTls {
  try {
    return {
      ...SYSTEM_TLS,
      secureContext: createSecureContext({ cert, key, ca }),
      caText: `the CA in ${caFile}`,
      certificateText: `the client certificate in ${certFile}`,
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CredentialsError(
      'SLICEDNS_API_CERTIFICATE',
      `Cannot use ${certFile} with ${keyFile}: ${why}; give certificate and key in PEM that belong together`,
      error,
    )
  }
}
