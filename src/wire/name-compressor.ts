import { POINTER, composeName } from './name-wire.ts'
import { elementAt, octetAt, writeUint16 } from './octets.ts'
import type { DomainName } from './name.ts'

/** The largest offset that a pointer's 14 bits can say (RFC 1035 4.1.4). */
export const MAX_POINTER_TARGET = 0x3fff
/** Suffixes remembered for one message; names after that are compressed onto these only. */
const MAX_NODES = 2048
/** A power of two, twice the suffixes: the hash table is never more than half full. */
const SLOTS = 4096
/** Slots looked at before a suffix counts as new, so that chosen collisions cannot make a message quadratic. */
const MAX_PROBES = 16
const ROOT_NODE = 0

/**
 * Compresses the names of one message in linear time. Every suffix that was written is a node of a tree, reached from
 * its parent suffix by the label in front of it; a hash table from (parent, label) to node finds it. Labels are compared
 * octet by octet in their own letter case, so a name keeps its case.
 *
 *     nodeParent[n]  node of the suffix without its first label; 0 is the root
 *     nodeOffset[n]  where in the message the suffix begins, 12..16383
 *     nodeSlot[n]    the slot that holds n
 *     slots[s]       node number from 1; 0 is an empty slot
 */
export class NameCompressor {
  private readonly octets: Uint8Array
  private readonly nodeParent = new Uint16Array(MAX_NODES)
  private readonly nodeOffset = new Uint16Array(MAX_NODES)
  private readonly nodeSlot = new Uint16Array(MAX_NODES)
  private readonly slots = new Uint16Array(SLOTS)
  private readonly labelStarts = new Uint16Array(128)
  private nodeCount = 1

  /** `octets` is the buffer that the messages are written in. */
  constructor(octets: Uint8Array) {
    this.octets = octets
  }

  /** How much is remembered: hand it to `forget` to undo what came after. */
  get mark(): number {
    return this.nodeCount
  }

  /** Forgets every suffix that was learnt after `mark`; without it, all of them. */
  forget(mark = 1): void {
    // Newest first, so that each probe sequence is again what it was.
    while (this.nodeCount > mark) this.slots[elementAt(this.nodeSlot, --this.nodeCount)] = 0
  }

  /**
   * Writes `name` at `offset`, which must have 255 octets free, and returns the offset after it. With `compress` false
   * the name is written whole, and later names may still point into it.
   */
  write(name: DomainName, offset: number, compress = true): number {
    const end = composeName(name, this.octets, offset)
    const labelCount = this.findLabels(offset)
    let index = labelCount
    let node = ROOT_NODE
    while (index > 0) {
      const found = this.find(node, elementAt(this.labelStarts, index - 1))
      if (found === 0) break
      node = found
      index--
    }
    this.addLabels(index, node)
    if (!compress || node === ROOT_NODE) return end
    const cut = elementAt(this.labelStarts, index)
    writeUint16(this.octets, cut, POINTER | elementAt(this.nodeOffset, node))
    return cut + 2
  }

  /** Puts the offsets of the labels of the whole name at `offset` into `labelStarts` and returns how many. */
  private findLabels(offset: number): number {
    let count = 0
    for (let start = offset; octetAt(this.octets, start) !== 0; start += octetAt(this.octets, start) + 1) {
      this.labelStarts[count++] = start
    }
    return count
  }

  /** Adds the first `count` labels in `labelStarts`, last one first, below `parent`. */
  private addLabels(count: number, parent: number): void {
    let node = parent
    for (let index = count - 1; index >= 0; index--) {
      node = this.add(node, elementAt(this.labelStarts, index))
      if (node === ROOT_NODE) return
    }
  }

  private find(parent: number, start: number): number {
    let slot = this.hash(parent, start)
    for (let probe = 0; probe < MAX_PROBES; probe++, slot = (slot + 1) & (SLOTS - 1)) {
      const node = elementAt(this.slots, slot)
      if (node === 0) return 0
      if (
        elementAt(this.nodeParent, node) === parent &&
        this.isSameLabel(elementAt(this.nodeOffset, node), start)
      )
        return node
    }
    return 0
  }

  /** Adds the suffix that begins at `start`; 0 when there is no room for it or its offset is beyond a pointer's reach. */
  private add(parent: number, start: number): number {
    if (start > MAX_POINTER_TARGET || this.nodeCount === MAX_NODES) return 0
    let slot = this.hash(parent, start)
    for (let probe = 0; elementAt(this.slots, slot) !== 0; probe++, slot = (slot + 1) & (SLOTS - 1)) {
      if (probe === MAX_PROBES - 1) return 0
    }
    const node = this.nodeCount++
    this.nodeParent[node] = parent
    this.nodeOffset[node] = start
    this.nodeSlot[node] = slot
    this.slots[slot] = node
    return node
  }

  private isSameLabel(one: number, other: number): boolean {
    const length = octetAt(this.octets, one)
    for (let index = 0; index <= length; index++) {
      if (octetAt(this.octets, one + index) !== octetAt(this.octets, other + index)) return false
    }
    return true
  }

  /** FNV-1a over the parent's number and the label, folded to a slot. */
  private hash(parent: number, start: number): number {
    let hash = 0x811c9dc5 ^ parent
    const end = start + octetAt(this.octets, start)
    for (let offset = start; offset <= end; offset++) {
      hash = Math.imul(hash ^ octetAt(this.octets, offset), 0x01000193)
    }
    return (hash ^ (hash >>> 15)) & (SLOTS - 1)
  }
}
