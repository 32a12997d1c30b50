import { octetAt } from '../wire/octets.ts'
import type { IpAddress } from '../wire/rdata.ts'

/** Texts of an endpoint: hostname, podName and topologyZone, in this order. */
export const PACKED_TEXTS = 3

const TEXT_LENGTH_MAX = 255
const ENDPOINT_OCTETS_MAX = 1 + 16 + PACKED_TEXTS * (1 + TEXT_LENGTH_MAX)
/** Of 64 endpoints such as most are. */
const FIRST_OCTETS = 4096

/**
 * Writes the endpoints of a slice into one text (packed-slice.ts): for each a sign for readiness, the octets of its address, and its
 * texts, each behind its length; a sign is an octet. The room for it is used again and again.
 */
export class EndpointPacker {
  #room = Buffer.allocUnsafeSlow(FIRST_OCTETS)
  #at = 0

  begin(): void {
    this.#at = 0
  }

  /** Begins an endpoint, whose texts must follow. */
  put(ready: boolean, address: IpAddress): void {
    if (this.#at + ENDPOINT_OCTETS_MAX > this.#room.length) this.#grow()
    this.#room[this.#at++] = Number(ready)
    if (typeof address === 'number') this.#putUint32(address)
    else
      for (let shift = 96n; shift >= 0n; shift -= 32n)
        this.#putUint32(Number((address >> shift) & 0xffff_ffffn))
  }

  /** False where it cannot be: it is too long, or beyond Latin-1. */
  putText(text: string): boolean {
    const { length } = text
    if (length > TEXT_LENGTH_MAX) return false
    this.#room[this.#at++] = length
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code > 0xff) return false
      this.#room[this.#at++] = code
    }
    return true
  }

  /** As `putText`, from octets that must be ASCII. */
  putOctets(octets: Buffer, start: number, end: number): boolean {
    if (end - start > TEXT_LENGTH_MAX) return false
    this.#room[this.#at++] = end - start
    let all = 0
    for (let index = start; index < end; index++) {
      const octet = octetAt(octets, index)
      all |= octet
      this.#room[this.#at++] = octet
    }
    return all < 0x80
  }

  finish(): string {
    return this.#room.toString('latin1', 0, this.#at)
  }

  #putUint32(value: number): void {
    this.#room[this.#at++] = value >>> 24
    this.#room[this.#at++] = value >>> 16
    this.#room[this.#at++] = value >>> 8
    this.#room[this.#at++] = value
  }

  #grow(): void {
    const room = Buffer.allocUnsafeSlow(this.#room.length * 2)
    this.#room.copy(room)
    this.#room = room
  }
}
