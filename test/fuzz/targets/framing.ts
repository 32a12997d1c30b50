import { FrameReader } from '../../../src/server/tcp-framing.ts'
import { NETWORK_RUN_MS, insist } from '../target.ts'
import type { FuzzTarget } from '../target.ts'
import { MESSAGE_WORDS } from './message-words.ts'

const MAX_PIECES = 40

/** A TCP stream, cut into pieces in ways that its own octets choose: the same messages whatever the pieces. */
export const framingTarget: FuzzTarget = {
  name: 'framing',
  seedForm: 'hex',
  maxOctets: 4_096,
  maxRunMs: NETWORK_RUN_MS,
  dictionary: MESSAGE_WORDS,
  run: (octets) => {
    const whole = messagesOf([octets])
    const pieces = messagesOf(cutUp(octets))
    insist(whole.join() === pieces.join(), 'other messages come of the same stream in pieces')
    return `${whole.length} ${whole.at(-1)?.slice(0, 7) ?? ''}`
  },
}

/** Each octet in turn says how long the next piece is. */
function cutUp(octets: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = []
  let from = 0
  for (let index = 0; index < MAX_PIECES && from < octets.length; index++) {
    const to = from + ((octets[index] ?? 0) % 37)
    pieces.push(octets.subarray(from, to))
    from = to
  }
  return [...pieces, octets.subarray(from)]
}

function messagesOf(pieces: readonly Uint8Array[]): readonly string[] {
  const reader = new FrameReader()
  const seen: string[] = []
  for (const piece of pieces) {
    reader.push(piece)
    for (let frame = reader.next(); frame.kind !== 'incomplete'; frame = reader.next()) {
      if (frame.kind === 'garbage') return [...seen, 'garbage']
      insist(frame.octets.length >= 12, 'a message below a header')
      seen.push(Buffer.from(frame.octets).toString('hex'))
    }
  }
  return [...seen, `waiting ${reader.waitingOctets}`]
}
