import { optSizeOctets } from './edns.ts'
import { Flag } from './header.ts'
import { MAX_MESSAGE_OCTETS, MessageWriter } from './message-writer.ts'
import type { Message } from './message.ts'
import type { Section } from './message-writer.ts'

/**
 * Composes a message of at most `maxOctets`. Records that do not fit are left out from the first on that does not:
 * TC is set when one of them belonged into answer or authority, additional records are dropped without (RFC 2181
 * section 9). The OPT record is kept before any other; a question that does not fit sets TC too.
 */
export function composeMessage(message: Message, maxOctets = MAX_MESSAGE_OCTETS): Uint8Array {
  const writer = WRITER
  writer.start(maxOctets, { id: message.id, flags: flagsOf(message), rcode: message.rcode })
  if (message.opt !== undefined) writer.reserve(optSizeOctets(message.opt.options))
  const isWhole =
    message.questions.every((question) => writer.writeQuestion(question)) &&
    writeSection(writer, 'answer', message) &&
    writeSection(writer, 'authority', message)
  if (isWhole) writeSection(writer, 'additional', message)
  else writer.setTruncated()
  if (message.opt !== undefined) writer.writeOpt(message.opt)
  return writer.finish().slice()
}

/** One for all messages: nothing is kept in it from call to call. */
const WRITER = new MessageWriter()

/** The second word of the header, without the RCODE. */
function flagsOf(message: Omit<Message, 'id' | 'rcode'>): number {
  return (
    (message.response ? Flag.QR : 0) |
    ((message.opcode & 0x0f) << 11) |
    (message.authoritativeAnswer ? Flag.AA : 0) |
    (message.truncated ? Flag.TC : 0) |
    (message.recursionDesired ? Flag.RD : 0) |
    (message.recursionAvailable ? Flag.RA : 0) |
    (message.authenticData ? Flag.AD : 0) |
    (message.checkingDisabled ? Flag.CD : 0)
  )
}

function writeSection(writer: MessageWriter, section: Section, message: Message): boolean {
  writer.startSection(section)
  return message[section].every(({ owner, rrtype, ttlSeconds, rdata, rrclass }) =>
    writer.writeRecord(owner, rrtype, ttlSeconds, rdata, rrclass),
  )
}
