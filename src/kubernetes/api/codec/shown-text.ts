const SHOWN_MAX = 80

/**
 * A text from an object as a sentence shows it: not all of a long one. What is shown is a copy, for a piece of a text keeps the whole
 * of it in memory.
 */
export function shownText(text: string): string {
  return text.length > SHOWN_MAX ? `${Buffer.from(text.slice(0, SHOWN_MAX)).toString()}…` : text
}
