import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { requireTool } from '../../bench/tools.ts'
import type { BuiltImage } from './builder.ts'
import { run } from './command.ts'

/** Octets on a node, and packed with gzip as a registry hands it out. */
export interface ImageSize {
  readonly unpackedOctets: number
  readonly packedOctets: number
}

export async function sizeOfImage(folder: string, { rootfs }: BuiltImage): Promise<ImageSize> {
  const entries = await readdir(rootfs, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  let unpackedOctets = 0
  for (const file of files) unpackedOctets += (await lstat(file)).size
  return { unpackedOctets, packedOctets: await packedSize(folder, rootfs, '.') }
}

/** Of CoreDNS's program without symbols, as it is released: its image holds that, certificates and time zones besides. */
export async function sizeOfCoredns(folder: string): Promise<ImageSize> {
  await run('strip', ['-o', join(folder, 'coredns'), requireTool('coredns')])
  const { size } = await stat(join(folder, 'coredns'))
  return { unpackedOctets: size, packedOctets: await packedSize(folder, folder, 'coredns') }
}

async function packedSize(folder: string, root: string, what: string): Promise<number> {
  const archive = join(folder, 'packed.tar.gz')
  await run('tar', ['-C', root, '-czf', archive, what])
  return (await stat(archive)).size
}
