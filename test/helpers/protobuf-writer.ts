/** Writes a message in protobuf's wire format, field by field. Numbers are as large as JavaScript counts exactly. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = []

  /** A varint: int32, int64, bool. Negative numbers take ten octets, as two's complement of 64 bits. */
  integer(field: number, value: number): void {
    this.#parts.push(varint(field * 8), varint(value))
  }

  text(field: number, value: string): void {
    this.message(field, Buffer.from(value, 'utf8'))
  }

  /** A message, or octets. */
  message(field: number, octets: Uint8Array): void {
    this.#parts.push(varint(field * 8 + 2), varint(octets.length), octets)
  }

  octets(): Uint8Array {
    return Buffer.concat(this.#parts)
  }
}

function varint(value: number): Uint8Array {
  if (value >= 0 && value < 0x80) return Uint8Array.of(value)
  const octets: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 0x7fn) {
    octets.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  return Uint8Array.from([...octets, Number(rest)])
}
