import type { ApiCodec } from '../api-event.ts'
import type { ApiResponse } from '../api-transport.ts'
import { AttemptError, oneLine } from './attempt-error.ts'
import type { Exchange } from './exchange.ts'

/** Of a failed request: more is not read. */
const BODY_OCTETS = 16 * 1024
const BODY_SILENCE_MS = 5000
const EXCERPT_LENGTH = 80

/** By content type: undefined for one that is not of the API. */
export type CodecFor = (contentType: string) => ApiCodec | undefined

interface Answer {
  readonly codec: ApiCodec
  readonly chunks: AsyncGenerator<Uint8Array>
}

/** The response where it holds what was asked for. Else rejects with AttemptError, which says in one line what came instead. */
export async function openAnswer(exchange: Exchange, codecFor: CodecFor): Promise<Answer> {
  const response = await exchange.open()
  const { status, contentType, contentEncoding } = response
  if (contentEncoding !== '' && contentEncoding !== 'identity') {
    const what = `status ${status} with content encoding ${contentEncoding}, which was not asked for`
    throw new AttemptError('response', oneLine(saidBy(response, what)), { status })
  }
  const codec = codecFor(contentType)
  const chunks = exchange.chunks(response)
  if (status === 200 && codec !== undefined) return { codec, chunks }
  exchange.allowSilence(BODY_SILENCE_MS)
  throw errorOf({ response, codec, body: await readBody(chunks) })
}

interface Failure {
  readonly response: ApiResponse
  readonly codec: ApiCodec | undefined
  readonly body: Uint8Array
}

function errorOf({ response, codec, body }: Failure): AttemptError {
  const { status, contentType } = response
  const told = codec?.decodeStatus(body)
  const said = withoutEnd(told?.message ?? '')
  const excerpt = oneLine(new TextDecoder().decode(body.subarray(0, 4 * EXCERPT_LENGTH)), EXCERPT_LENGTH)
  const type = contentType === '' ? 'no content type' : contentType
  const what =
    said === '' ? `status ${status}, ${type}: ${withoutEnd(excerpt) || 'empty'}` : `status ${status}: ${said}`
  const hint = hintFor(response, codec !== undefined, excerpt)
  return new AttemptError('response', oneLine(saidBy(response, hint === '' ? what : `${what}; ${hint}`)), {
    status,
    reason: told?.reason ?? '',
    retryAfterSeconds: response.retryAfterSeconds ?? told?.retryAfterSeconds,
  })
}

function saidBy({ server }: ApiResponse, what: string): string {
  return server === undefined ? what : `${server} answers with ${what}`
}

/** Sentences of others may end in a full stop; ours goes on. */
function withoutEnd(text: string): string {
  return text.replace(/[.\s]+$/, '')
}

/** What to do about it; empty where only the server's own log can tell. */
function hintFor({ status }: ApiResponse, isOfApi: boolean, excerpt: string): string {
  if (status === 401) {
    return 'it does not know who asks: look whether the token or client certificate is the right one and has not expired'
  }
  if (status === 403 && isOfApi) return 'allow this account to list and watch it (RBAC)'
  if (status === 404) return 'look whether this API server serves it, and at the path of the URL'
  if (/HTTP request to an HTTPS server/i.test(excerpt)) return 'its URL must begin with https://'
  if (status < 400 && !isOfApi) return 'look whether a proxy stands in the way, and at the URL'
  return ''
}

/** The beginning of it. What breaks off says less, and is no other failure. */
async function readBody(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let sizeOctets = 0
  try {
    for await (const chunk of chunks) {
      parts.push(chunk)
      sizeOctets += chunk.length
      if (sizeOctets >= BODY_OCTETS) break
    }
  } catch (error) {
    if (!(error instanceof AttemptError)) throw error
  }
  return Buffer.concat(parts).subarray(0, BODY_OCTETS)
}
