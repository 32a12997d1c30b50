import { isDeepStrictEqual } from 'node:util'

import { composeMessage } from '../../../src/wire/compose-message.ts'
import { parseMessage } from '../../../src/wire/message.ts'
import { NETWORK_RUN_MS, insist } from '../target.ts'
import type { FuzzTarget } from '../target.ts'
import { MESSAGE_WORDS } from './message-words.ts'

/** Any octets as a message: what can be parsed is composed and parsed again, and must be the same. */
export const messageTarget: FuzzTarget = {
  name: 'message',
  seedForm: 'hex',
  maxOctets: 65_535,
  maxRunMs: NETWORK_RUN_MS,
  dictionary: MESSAGE_WORDS,
  run: (octets) => {
    // A copy: views of a Buffer are Buffers, which are other values than what is composed.
    const parsed = parseMessage(Uint8Array.from(octets))
    if (!parsed.ok) return `malformed ${parsed.where}`
    const { message } = parsed
    const composed = composeMessage(message)
    const again = parseMessage(composed)
    insist(again.ok, 'what was composed is malformed')
    // What compression had made short can be too long without: SRV targets are written whole.
    if (again.message.truncated && !message.truncated) return 'too long'
    insist(isDeepStrictEqual(again.message, message), 'the message is another after composing and parsing')
    const { answer, authority, additional, opt, rcode } = message
    const kinds = new Set([...answer, ...authority, ...additional].map(({ rdata }) => rdata.kind))
    return `${rcode} ${[...kinds].join()} ${opt?.options.length ?? '-'}`
  },
}
