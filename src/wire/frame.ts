/** A message over TCP stands behind its length in two octets (RFC 1035 section 4.2.2). */
export const LENGTH_OCTETS = 2

/** Length and message in one write: some servers wait for both in one segment (RFC 7766 section 8). */
export function composeFrame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(LENGTH_OCTETS + message.length)
  framed[0] = message.length >> 8
  framed[1] = message.length & 0xff
  framed.set(message, LENGTH_OCTETS)
  return framed
}

/**
 * Cuts a stream into messages, however the octets arrive. Holds at most the one message that is not whole yet: 64 KiB,
 * and only once its length is known.
 */
export function createFrameReader(onMessage: (message: Uint8Array) => void): (chunk: Uint8Array) => void {
  const prefix = new Uint8Array(LENGTH_OCTETS)
  let frame: Uint8Array = prefix
  let filled = 0
  return (chunk) => {
    for (let offset = 0; offset < chunk.length;) {
      const part = chunk.subarray(offset, offset + frame.length - filled)
      frame.set(part, filled)
      filled += part.length
      offset += part.length
      if (filled < frame.length) return
      filled = 0
      if (frame !== prefix) {
        onMessage(frame)
        frame = prefix
        continue
      }
      const length = ((prefix[0] ?? 0) << 8) | (prefix[1] ?? 0)
      if (length > 0) frame = new Uint8Array(length)
    }
  }
}
