import type { SeededRandom } from './random.ts'

/** What a mutation may draw on beside the input itself. */
export interface Material {
  readonly random: SeededRandom
  /** Words that mean something to what is tested. */
  readonly dictionary: readonly Uint8Array[]
  /** Another input, to splice with. */
  readonly other: Uint8Array
  readonly maxOctets: number
}

type Mutator = (input: Uint8Array, material: Material) => Uint8Array

/** The input after one to eight random changes. */
export function mutate(input: Uint8Array, material: Material): Uint8Array {
  let octets = input
  for (let count = 1 + material.random.below(8); count > 0; count--)
    octets = material.random.pick(MUTATORS)(octets, material)
  return octets.subarray(0, material.maxOctets)
}

const flipBit: Mutator = (input, { random }) =>
  changed(input, random, (octet) => octet ^ (1 << random.below(8)))

const replaceOctet: Mutator = (input, { random }) => changed(input, random, () => random.below(256))

const nudgeOctet: Mutator = (input, { random }) =>
  changed(input, random, (octet) => octet + random.below(5) - 2)

/** Octets and 16-bit numbers at which something changes: ends of ranges, label types, header bits, pointers. */
const EXTREMES = [0x00, 0x01, 0x0c, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xfe, 0xff]

const setExtreme: Mutator = (input, { random }) => {
  const octets = Uint8Array.from(input)
  const at = random.below(octets.length)
  for (let index = at; index <= at + random.below(2) && index < octets.length; index++)
    octets[index] = random.pick(EXTREMES)
  return octets
}

const cut: Mutator = (input, { random }) => input.slice(0, random.below(input.length + 1))

const removePiece: Mutator = (input, { random }) => {
  const [from, to] = pieceOf(input, random)
  return Buffer.concat([input.subarray(0, from), input.subarray(to)])
}

const repeatPiece: Mutator = (input, { random, maxOctets }) => {
  const [from, to] = pieceOf(input, random)
  const times = random.chance(8) ? random.below(200) : 1
  const piece = input.subarray(from, to)
  const fits = Math.min(times, Math.floor(maxOctets / Math.max(1, piece.length)))
  return insertAt(input, to, Buffer.concat(Array.from({ length: fits }, () => piece)))
}

const movePiece: Mutator = (input, { random }) => {
  const [from, to] = pieceOf(input, random)
  return insertAt(input, random.below(input.length + 1), input.subarray(from, to))
}

const splice: Mutator = (input, { random, other }) => {
  const [from, to] = pieceOf(other, random)
  return insertAt(input, random.below(input.length + 1), other.subarray(from, to))
}

const crossOver: Mutator = (input, { random, other }) =>
  Buffer.concat([
    input.subarray(0, random.below(input.length + 1)),
    other.subarray(random.below(other.length + 1)),
  ])

const insertWord: Mutator = (input, { random, dictionary }) =>
  insertAt(input, random.below(input.length + 1), wordOf(dictionary, random))

const overwriteWithWord: Mutator = (input, { random, dictionary }) => {
  const word = wordOf(dictionary, random)
  const at = random.below(input.length + 1)
  return Buffer.concat([input.subarray(0, at), word, input.subarray(at + word.length)])
}

const insertOctets: Mutator = (input, { random }) =>
  insertAt(input, random.below(input.length + 1), random.octets(1 + random.below(12)))

/** A decimal number in the text becomes one at which programs stumble. */
const changeNumber: Mutator = (input, { random }) => {
  const text = Buffer.from(input).toString('latin1')
  const numbers = [...text.matchAll(/\d+/g)]
  const number = numbers[random.below(numbers.length)]
  if (number === undefined) return flipOrEmpty(input, random)
  const end = number.index + number[0].length
  return Buffer.from(text.slice(0, number.index) + random.pick(NUMBERS) + text.slice(end), 'latin1')
}

const NUMBERS =
  '0 -1 1 00 1e9 0x10 010 1.5 255 256 65535 65536 2147483647 2147483648 4294967296 9007199254740993'.split(
    ' ',
  )

const MUTATORS: readonly Mutator[] = [
  flipBit,
  replaceOctet,
  nudgeOctet,
  setExtreme,
  cut,
  removePiece,
  repeatPiece,
  movePiece,
  splice,
  crossOver,
  insertWord,
  insertWord,
  overwriteWithWord,
  insertOctets,
  changeNumber,
]

function changed(input: Uint8Array, random: SeededRandom, change: (octet: number) => number): Uint8Array {
  const octets = Uint8Array.from(input)
  const at = random.below(octets.length)
  if (octets.length > 0) octets[at] = change(octets[at] ?? 0)
  return octets
}

function flipOrEmpty(input: Uint8Array, random: SeededRandom): Uint8Array {
  return changed(input, random, (octet) => octet ^ 1)
}

/** Where a piece begins and ends: most are short. */
function pieceOf(input: Uint8Array, random: SeededRandom): readonly [number, number] {
  const from = random.below(input.length + 1)
  const size = random.below(random.chance(4) ? input.length + 1 : 17)
  return [from, Math.min(input.length, from + size)]
}

function insertAt(input: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  return Buffer.concat([input.subarray(0, at), piece, input.subarray(at)])
}

function wordOf(dictionary: readonly Uint8Array[], random: SeededRandom): Uint8Array {
  return dictionary[random.below(dictionary.length)] ?? new Uint8Array(0)
}
