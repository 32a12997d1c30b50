/** Whether a text can be the label of metadata: words with a slash in between. */
export function isMetadataLabel(text: string): boolean {
  const slash = text.indexOf('/')
  return slash > 0 && slash < text.length - 1
}
