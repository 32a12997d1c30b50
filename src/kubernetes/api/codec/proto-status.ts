import type { ApiStatus } from '../api-event.ts'
import type { ProtoReader } from './proto-reader.ts'

/** A Status (meta/v1 generated.proto). Throws `BrokenObject`. */
export function parseStatus(reader: ProtoReader): ApiStatus {
  let message = ''
  let reason = ''
  let code = 0
  let retryAfterSeconds: number | undefined
  while (reader.next()) {
    if (reader.field === 3) message = reader.ownText()
    else if (reader.field === 4) reason = reader.ownText()
    else if (reader.field === 5) retryAfterSeconds = parseRetryAfter(reader)
    else if (reader.field === 6) code = reader.int32()
    else reader.skip()
  }
  return { code, reason, message, retryAfterSeconds }
}

/** details.retryAfterSeconds of StatusDetails; 0 is how it says none. */
function parseRetryAfter(reader: ProtoReader): number | undefined {
  let seconds = 0
  reader.message((field) => {
    if (field === 5) seconds = reader.int32()
    else reader.skip()
  })
  return seconds === 0 ? undefined : seconds
}
