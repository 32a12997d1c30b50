import type { Corefile } from '../config/corefile.ts'
import { listServices, servedTable } from './served-table.ts'
import type { Serving } from './start-server.ts'
import { versionText } from './version.ts'

/** In place of a folder. */
const STDIN = '-'

/** What is printed when a Corefile is served: its keys, as CoreDNS prints them, and the version. */
export function corefileBanner(corefile: Corefile, { addresses }: Serving): string {
  const keys = corefile.serverBlocks.flatMap((block) => block.keys.map((key) => key.text))
  const places = addresses.map(({ transport, address, port }) => `${transport} ${withPort(address, port)}`)
  return `${keys.join(' ')} on ${places.join(', ')}\n${versionText()}`
}

/**
 * What is printed when folders are served: the table, what is wrong, and the commands to try. `command` is how to call
 * slicedns.
 */
export function folderBanner(
  { addresses, stores, manifests }: Serving,
  folders: readonly string[],
  command: string,
): string {
  const [first] = addresses
  const [store] = stores
  if (first === undefined || store === undefined) return ''
  const service = listServices(store)[0]
  const name = service === undefined ? 'NAME.NAMESPACE' : `${service.name}.${service.namespace}`
  const full = `${name}.svc.cluster.local`
  const { address, port } = first
  const faults = manifests.problems.filter(({ severity }) => severity !== 'note')
  return [
    `Serving ${folders.map(placeName).join(', ')} on ${withPort(address, port)}, UDP and TCP.${editsLine(folders)}\n`,
    servedTable(store, 'cluster.local', emptyLine(folders)),
    `${problemLine(faults.length, checkCommand(folders, command))}Try:`,
    `  dig @${address} -p ${port} ${full}`,
    `  nslookup -port=${port} ${full} ${address}`,
    `  nslookup -port=${port} -type=txt _why.${full} ${address}`,
    `  ${command} query ${full} @${withPort(address, port)}`,
    '',
  ].join('\n')
}

function placeName(folder: string): string {
  return folder === STDIN ? 'standard input' : folder
}

function editsLine(folders: readonly string[]): string {
  return isInputOnly(folders) ? '' : ' Edits show within a second.'
}

function emptyLine(folders: readonly string[]): string {
  return isInputOnly(folders)
    ? 'standard input held none'
    : 'put manifests into the folder, they show within a second'
}

function isInputOnly(folders: readonly string[]): boolean {
  return folders.every((folder) => folder === STDIN)
}

/** Standard input is read up: what is to be checked has to be piped in again. */
function checkCommand(folders: readonly string[], command: string): string {
  const check = `${command} check ${folders.map(shellWord).join(' ')}`
  return folders.includes(STDIN) ? `pipe the same into ${check}` : check
}

function problemLine(count: number, command: string): string {
  if (count === 0) return ''
  return `${count} thing${count === 1 ? '' : 's'} may not resolve as written: ${command}\n\n`
}

/** As a POSIX shell reads it back. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function withPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
