/** Which ASCII characters: slot N is 1 where character N is in the set. Names are pure ASCII; nothing else is matched. */
export type CharSet = Uint8Array

const SIZE = 128

export function charSet(holds: (code: number) => boolean): CharSet {
  return Uint8Array.from({ length: SIZE }, (_, code) => (holds(code) ? 1 : 0))
}

export function singleChar(code: number): CharSet {
  return charSet((other) => other === code)
}

export function complement(set: CharSet): CharSet {
  return set.map((held) => 1 - held)
}

/** The set with both letter cases of its letters (flag `i`). */
export function foldCase(set: CharSet): CharSet {
  return charSet((code) => set[code] === 1 || set[otherCase(code)] === 1)
}

function otherCase(code: number): number {
  const isLetter = /[a-z]/i.test(String.fromCharCode(code))
  return isLetter ? code ^ 0x20 : code
}

/** `\d`, `\s`, `\w` and their opposites; undefined for any other letter. */
export function perlClass(letter: string): CharSet | undefined {
  const pattern = PERL.get(letter.toLowerCase())
  if (pattern === undefined) return undefined
  const set = setOf(pattern)
  return letter === letter.toLowerCase() ? set : complement(set)
}

/** The class in `[:alpha:]` or `[:^alpha:]`; undefined where there is none of the name. */
export function posixClass(name: string): CharSet | undefined {
  const pattern = POSIX.get(name.replace(/^\^/, ''))
  if (pattern === undefined) return undefined
  const set = setOf(pattern)
  return name.startsWith('^') ? complement(set) : set
}

/** The ASCII part of a Unicode category or script, as in `\p{Lu}` or `\pN`; undefined where there is none of the name. */
export function unicodeClass(name: string): CharSet | undefined {
  if (!/^[A-Za-z_]+$/.test(name)) return undefined
  for (const property of [`gc=${name}`, `sc=${name}`]) {
    try {
      return setOf(new RegExp(String.raw`\p{${property}}`, 'u'))
    } catch {
      // Not a category: perhaps a script.
    }
  }
  return name === 'Any' ? charSet(() => true) : undefined
}

function setOf(pattern: RegExp): CharSet {
  return charSet((code) => pattern.test(String.fromCharCode(code)))
}

const PERL = new Map([
  ['d', /\d/],
  ['s', /[\t\n\f\r ]/],
  ['w', /\w/],
])

const POSIX = new Map([
  ['alnum', /[0-9A-Za-z]/],
  ['alpha', /[A-Za-z]/],
  ['ascii', /[^]/],
  ['blank', /[\t ]/],
  ['cntrl', /[^\x20-\x7e]/],
  ['digit', /\d/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[\t\n\v\f\r ]/],
  ['upper', /[A-Z]/],
  ['word', /\w/],
  ['xdigit', /[0-9A-Fa-f]/],
])
