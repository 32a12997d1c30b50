import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { FrameReader } from '../../src/server/tcp-framing.ts'
import { framed, rawQuery } from './harness.ts'

/** Everything that can be taken off a stream, piece by piece: messages as hexadecimal digits, then how it ended. */
function readAll(pieces: readonly Uint8Array[]): readonly string[] {
  const reader = new FrameReader()
  const seen: string[] = []
  for (const piece of pieces) {
    reader.push(piece)
    for (;;) {
      const frame = reader.next()
      if (frame.kind === 'incomplete') break
      if (frame.kind === 'garbage') return [...seen, 'garbage']
      seen.push(Buffer.from(frame.octets).toString('hex'))
    }
  }
  return seen
}

/** The stream in pieces that end at these offsets. */
function cut(stream: Uint8Array, offsets: readonly number[]): readonly Uint8Array[] {
  const ends = [...offsets.map((offset) => offset % (stream.length + 1)), stream.length].toSorted(
    (a, b) => a - b,
  )
  return ends.map((end, index) => stream.subarray(ends[index - 1] ?? 0, end))
}

const cuts = fc.array(fc.nat(), { maxLength: 30 })

describe('FrameReader', () => {
  test('gives the same messages in whatever pieces they come', () => {
    const message = fc.uint8Array({ minLength: 12, maxLength: 700 }).map((octets) => {
      const query = Uint8Array.from(octets)
      query[2] = (query[2] ?? 0) & 0x7f
      return query
    })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), cuts, (messages, offsets) => {
        const stream = Buffer.concat(messages.map(framed))
        expect(readAll(cut(stream, offsets))).toEqual(
          messages.map((octets) => Buffer.from(octets).toString('hex')),
        )
      }),
    )
  })

  test('makes the same of any octets in whatever pieces they come, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (stream, offsets) => {
        expect(readAll(cut(stream, offsets))).toEqual(readAll([stream]))
      }),
    )
  })

  test('keeps messages valid while later pieces come', () => {
    const [first, second] = [rawQuery({ id: 1 }), rawQuery({ id: 2 })]
    const reader = new FrameReader()
    reader.push(Buffer.concat([framed(first), framed(second).subarray(0, 3)]))
    const frame = reader.next()
    reader.push(framed(second).subarray(3))
    expect(reader.next()).toMatchObject({ kind: 'message' })
    expect(frame.kind === 'message' && Buffer.from(frame.octets)).toEqual(first)
  })

  test('C02 a promised length takes no memory', () => {
    const before = process.memoryUsage().arrayBuffers
    const readers = Array.from({ length: 1_000 }, () => {
      const reader = new FrameReader()
      for (const octet of [0xff, 0xff, 0, 0]) reader.push(Uint8Array.of(octet))
      return reader
    })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
    expect(readers.map(({ waitingOctets }) => waitingOctets)).toEqual(readers.map(() => 4))
  })

  test('reads a message of 65535 octets in one-octet pieces in linear time', () => {
    const message = Buffer.alloc(65_535)
    const pieces = Array.from(framed(message), (octet) => Uint8Array.of(octet))
    const start = performance.now()
    expect(readAll(pieces)).toEqual([message.toString('hex')])
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})
