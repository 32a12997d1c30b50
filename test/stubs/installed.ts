import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Whether the program is on the PATH, or the file of an absolute path is there. */
export function isInstalled(programOrFile: string): boolean {
  if (isAbsolute(programOrFile)) return isAccessible(programOrFile, constants.R_OK)
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.some((folder) => isAccessible(join(folder, programOrFile), constants.X_OK))
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}
