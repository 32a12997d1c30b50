import type { ApiCodec } from '../api-event.ts'
import type { CodecFor } from './open-answer.ts'

/** Keeps the codec as long as the media type stays the same, for lists and watches: its texts are shared. */
export function createLastingCodec(createCodec: CodecFor): CodecFor {
  let last: { readonly mediaType: string; readonly codec: ApiCodec } | undefined
  return (contentType) => {
    const mediaType = contentType.split(';', 1)[0] ?? ''
    if (last?.mediaType === mediaType) return last.codec
    const codec = createCodec(mediaType)
    if (codec !== undefined) last = { mediaType, codec }
    return codec
  }
}
