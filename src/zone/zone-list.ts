import { type DomainName, nameFromText } from '../wire/name.ts'

/** The names of a list of zones: one to a line, `;` begins a comment as in a zone file. What is no name is left out. */
export function zoneNamesFromList(text: string): readonly DomainName[] {
  return text.split('\n').flatMap((line) => {
    const name = nameFromText(line.replace(/;.*/, '').trim())
    return name === undefined ? [] : [name]
  })
}
