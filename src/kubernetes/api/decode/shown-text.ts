const SHOWN_MAX = 80

/** A text from an object as a sentence shows it: not all of a long one. */
export function shownText(text: string): string {
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}
