/**
 * The word that was most likely meant, or undefined where none is close: at most one edit for words up to 4 letters, two
 * up to 8, three above. An edit is a letter added, left out, replaced or swapped with its neighbour. Letter case is no
 * edit. Of words equally close, the first.
 */
export function nearestWord<Word extends string>(text: string, words: Iterable<Word>): Word | undefined {
  if (text.length > MAX_WORD_LENGTH) return undefined
  const wanted = text.toLowerCase()
  let nearest: Word | undefined
  let leastEdits = editsAllowed(text.length) + 1
  for (const word of words) {
    if (Math.abs(word.length - text.length) >= leastEdits) continue
    const edits = countEdits(wanted, word.toLowerCase())
    if (edits < leastEdits) {
      nearest = word
      leastEdits = edits
    }
  }
  return nearest
}

/** `did you mean "forward"?`, or undefined where no word is close. */
export function didYouMean(text: string, words: Iterable<string>): string | undefined {
  const word = nearestWord(text, words)
  return word === undefined ? undefined : `did you mean "${word}"?`
}

/** Longer than any word we know; keeps the work bounded. */
const MAX_WORD_LENGTH = 40

function editsAllowed(length: number): number {
  if (length <= 1) return 0
  if (length <= 4) return 1
  return length <= 8 ? 2 : 3
}

/** Optimal string alignment distance. */
function countEdits(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let edits = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      )
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (row > 1 && column > 1 && swapped) edits = Math.min(edits, at(beforeLast, column - 2) + 1)
      current.push(edits)
    }
    beforeLast = last
    last = current
  }
  return at(last, to.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity
}
