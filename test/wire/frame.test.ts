import { expect, test } from 'vitest'

import { composeFrame, createFrameReader } from '../../src/wire/frame.ts'

const message = (length: number) => Uint8Array.from({ length }, (_none, index) => index & 0xff)

test('composeFrame puts the length of the message in front of it, in network order', () => {
  expect([...composeFrame(message(0x103)).subarray(0, 4)]).toEqual([0x01, 0x03, 0, 1])
})

test.each([1, 2, 3, 7, 10_000])(
  'createFrameReader gives whole messages of a stream in pieces of %i',
  (size) => {
    const lengths = [12, 1, 65_535, 0, 300]
    const stream = Buffer.concat(lengths.map((length) => composeFrame(message(length))))
    const got: Uint8Array[] = []
    const read = createFrameReader((each) => got.push(each))
    for (let offset = 0; offset < stream.length; offset += size) read(stream.subarray(offset, offset + size))
    // What has no octets is no message.
    expect(got.map(({ length }) => length)).toEqual([12, 1, 65_535, 300])
    expect(got.every((each) => Buffer.compare(each, message(each.length)) === 0)).toBe(true)
  },
)
