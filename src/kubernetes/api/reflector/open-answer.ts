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
    throw new AttemptError('response', oneLine(`GET ${exchange.place}: ${what}`), { status })
  }
  const codec = codecFor(contentType)
  const chunks = exchange.chunks(response)
  if (status === 200 && codec !== undefined) return { codec, chunks }
  exchange.allowSilence(BODY_SILENCE_MS)
  throw errorOf({ exchange, response, codec, body: await readBody(chunks) })
}

interface Failure {
  readonly exchange: Exchange
  readonly response: ApiResponse
  readonly codec: ApiCodec | undefined
  readonly body: Uint8Array
}

function errorOf({ exchange, response, codec, body }: Failure): AttemptError {
  const { status, contentType } = response
  const told = codec?.decodeStatus(body)
  const said = told?.message ?? ''
  const excerpt = oneLine(new TextDecoder().decode(body.subarray(0, 4 * EXCERPT_LENGTH)), EXCERPT_LENGTH)
  const type = contentType === '' ? 'no content type' : contentType
  const what = said === '' ? `status ${status}, ${type}: ${excerpt || 'empty'}` : `status ${status}: ${said}`
  return new AttemptError('response', oneLine(`GET ${exchange.place}: ${what}`), {
    status,
    reason: told?.reason ?? '',
    retryAfterSeconds: response.retryAfterSeconds ?? told?.retryAfterSeconds,
  })
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
