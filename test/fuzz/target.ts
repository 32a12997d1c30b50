/** Something that takes octets from strangers. */
export interface FuzzTarget {
  /** Also the folder of its seeds below `corpus/`. */
  readonly name: string
  /** How its seeds are kept: as they are, or in hexadecimal digits with comments. */
  readonly seedForm: 'txt' | 'hex'
  /** Longer inputs are cut to this. */
  readonly maxOctets: number
  /** An input that takes longer is a fault. */
  readonly maxRunMs: number
  /** Words that mean something to it. */
  readonly dictionary: readonly Uint8Array[]
  /**
   * Takes the octets and gives a word for what came of it: inputs with a new word are worth changing further. Throws,
   * with a sentence that says what is wrong, where the octets show a fault.
   */
  run(octets: Uint8Array): string | Promise<string>
}

/** For octets from the network: meanwhile everybody else's query waits. */
export const NETWORK_RUN_MS = 10

/** For files of the operator, which are read now and then. */
export const FILE_RUN_MS = 100

/** A fault where a value is not as it must be. */
export function insist(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence)
}

/** Words as octets, each character one. */
export function words(...texts: readonly string[]): readonly Uint8Array[] {
  return texts.map((text) => Buffer.from(text, 'latin1'))
}
