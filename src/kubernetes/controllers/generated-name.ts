/** The letters Kubernetes makes name suffixes of: no vowels and no digits that look like letters. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** Kubernetes cuts what stands before a generated suffix, so that the whole is a DNS label. */
const BASE_LENGTH_MAX = 58

const SUFFIX_LENGTH = 5

/**
 * `<base>-<suffix5>`, as metadata.generateName gives it, but with a suffix that follows from `seed`: the same
 * object has the same name at every start. `isTaken` makes it try the next suffix.
 */
export function generatedName(base: string, seed: string, isTaken: (name: string) => boolean): string {
  const start = `${base}-`.slice(0, BASE_LENGTH_MAX)
  for (let attempt = 0; ; attempt++) {
    const name = start + suffix(attempt === 0 ? seed : `${seed}#${attempt}`, SUFFIX_LENGTH)
    if (!isTaken(name)) return name
  }
}

/** The pod-template-hash of a Deployment's ReplicaSet: ten letters. It does not change when the template is edited. */
export function templateHash(seed: string): string {
  return suffix(seed, SUFFIX_LENGTH) + suffix(`${seed}/template`, SUFFIX_LENGTH)
}

/** FNV-1a over the UTF-16 units, finished with MurmurHash3's mixer so that all 32 bits are spread. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function suffix(seed: string, length: number): string {
  let rest = hash32(seed)
  let text = ''
  while (text.length < length) {
    text += ALPHABET.charAt(rest % ALPHABET.length)
    rest = Math.floor(rest / ALPHABET.length)
  }
  return text
}
