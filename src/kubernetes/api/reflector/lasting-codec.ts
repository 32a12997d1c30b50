import type { ApiCodec } from '../api-event.ts'
import type { CodecFor } from './open-answer.ts'

/** Keeps the codec as long as the content type stays the same: its texts are shared. */
export function createLastingCodec(createCodec: CodecFor): CodecFor {
  let last: { readonly contentType: string; readonly codec: ApiCodec } | undefined
  return (contentType) => {
    if (last?.contentType === contentType) return last.codec
    const codec = createCodec(contentType)
    if (codec !== undefined) last = { contentType, codec }
    return codec
  }
}
