import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The programs that the benches run, and how each is got. */
const INSTALL = {
  coredns: 'go install github.com/coredns/coredns@v1.14.7',
  dnsperf: 'apt-get install dnsperf',
  gcc: 'apt-get install gcc',
  nsd: 'apt-get install nsd',
  promtool: 'apt-get install prometheus',
  taskset: 'apt-get install util-linux',
} as const

export type ToolName = keyof typeof INSTALL

/** Where the program is, or undefined: looked for on the PATH, in the usual sbin folders and in Go's bin folder. */
export function findTool(name: ToolName): string | undefined {
  const path = (process.env['PATH'] ?? '').split(delimiter)
  const folders = [...path, '/usr/local/sbin', '/usr/sbin', ...goFolders()]
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** Where the program is. Throws an Error that says how to install it when it is missing. */
export function requireTool(name: ToolName): string {
  const path = findTool(name)
  if (path === undefined) throw new Error(`Cannot find ${name}. ${howToInstall(name)}`)
  return path
}

/** One sentence: the command that installs the program. */
export function howToInstall(name: ToolName): string {
  return `Install it with: ${INSTALL[name]}`
}

function goFolders(): string[] {
  try {
    const paths = execFileSync('go', ['env', 'GOBIN', 'GOPATH'], { encoding: 'utf8' }).split('\n')
    const [bin = '', goPath = ''] = paths
    return [bin, ...goPath.split(delimiter).map((folder) => join(folder, 'bin'))].filter(Boolean)
  } catch {
    // Go itself is not there: then nothing was installed through it.
    return []
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
