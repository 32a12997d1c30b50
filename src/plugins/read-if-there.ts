import type { PluginHost } from './plugin.ts'

/** The text of a file; undefined where it cannot be read, for whatever reason. */
export function readIfThere(path: string, { readFile }: Pick<PluginHost, 'readFile'>): string | undefined {
  try {
    return readFile(path)
  } catch {
    return undefined
  }
}
