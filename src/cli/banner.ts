import type { Corefile } from '../config/corefile.ts'
import type { Serving } from './start-server.ts'
import { listServices, servedTable } from './served-table.ts'
import { versionText } from './version.ts'

/** What is printed when a Corefile is served: its keys, as CoreDNS prints them, and the version. */
export function corefileBanner(corefile: Corefile, { addresses }: Serving): string {
  const keys = corefile.serverBlocks.flatMap((block) => block.keys.map((key) => key.text))
  const places = addresses.map(({ transport, address, port }) => `${transport} ${withPort(address, port)}`)
  return `${keys.join(' ')} on ${places.join(', ')}\n${versionText()}`
}

/** What is printed when folders are served: the table, what is wrong, and the commands to try. */
export function folderBanner({ addresses, stores, manifests }: Serving, folders: readonly string[]): string {
  const [first] = addresses
  const [store] = stores
  if (first === undefined || store === undefined) return ''
  const service = listServices(store)[0]
  const name = service === undefined ? 'NAME.NAMESPACE' : `${service.name}.${service.namespace}`
  const full = `${name}.svc.cluster.local`
  const { address, port } = first
  return [
    `Serving ${folders.join(', ')} on ${withPort(address, port)}, UDP and TCP. Edits show within a second.\n`,
    servedTable(store, 'cluster.local'),
    `${problemLine(manifests.problems.length, folders)}Try:`,
    `  dig @${address} -p ${port} ${full}`,
    `  nslookup -port=${port} ${full} ${address}`,
    `  nslookup -port=${port} -type=txt _why.${full} ${address}`,
    `  slicedns query ${full} @${withPort(address, port)}`,
    '',
  ].join('\n')
}

function problemLine(count: number, folders: readonly string[]): string {
  if (count === 0) return ''
  return `${count} thing${count === 1 ? '' : 's'} may not resolve as written: slicedns check ${folders.join(' ')}\n\n`
}

function withPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
