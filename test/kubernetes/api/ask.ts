import { onTestFinished } from 'vitest'

import type { ApiTransport } from '../../../src/kubernetes/api/api-transport.ts'
import { ApiConnectionError } from '../../../src/kubernetes/api/api-transport.ts'
import type { Credentials } from '../../../src/kubernetes/api/credentials/credentials.ts'
import { createHttpsTransport } from '../../../src/kubernetes/api/https-transport.ts'
import type { HttpsTransportOptions } from '../../../src/kubernetes/api/https-transport.ts'

/** Closed when the test ends. */
export function transportWith(
  credentials: Credentials,
  options: Partial<HttpsTransportOptions> = {},
): ApiTransport {
  const transport = createHttpsTransport({ credentials, userAgent: 'SliceDNS/1.2.3', ...options })
  onTestFinished(() => transport.close())
  return transport
}

/** The status and the body, or the message of the ApiConnectionError. */
export async function ask(transport: ApiTransport, path = '/api/v1/services'): Promise<string> {
  try {
    const { signal } = new AbortController()
    const { status, body } = await transport.get({ path, accept: 'application/json', signal })
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(chunk)
    return `${status} ${Buffer.concat(chunks).toString()}`.trimEnd()
  } catch (error) {
    if (error instanceof ApiConnectionError) return error.message
    throw error
  }
}
