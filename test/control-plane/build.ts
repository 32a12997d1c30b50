/** Builds the control plane that `npm run e2e` starts, where it is not there yet, and says where it is. */
import { provideBinaries } from './binaries.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

try {
  for (const [name, path] of Object.entries(await provideBinaries(say))) say(`${name}: ${path}`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
