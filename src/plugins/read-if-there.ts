/** The text of a file; undefined where it cannot be read, for whatever reason. */
export function readIfThere(
  path: string,
  { readFile }: { readonly readFile: (path: string) => string },
): string | undefined {
  try {
    return readFile(path)
  } catch {
    return undefined
  }
}
