import { maxFileOctets, tooLarge } from './file-entry.ts'
import { parseManifestFile } from './manifest-file.ts'
import type { ManifestFile } from './manifest-file.ts'
import { errorCode, unreadable } from './manifest-problem.ts'
import { createPause } from '../pause.ts'

/** Reads manifests to the end of a stream; their file is `-`. Never throws. */
export async function readStandardInput(
  stream: AsyncIterable<Uint8Array>,
): Promise<Omit<ManifestFile, 'documents'>> {
  const chunks: Uint8Array[] = []
  let sizeOctets = 0
  try {
    for await (const chunk of stream) {
      sizeOctets += chunk.length
      if (sizeOctets > maxFileOctets) return { manifests: [], problems: [tooLarge('-')] }
      chunks.push(chunk)
    }
  } catch (error) {
    return { manifests: [], problems: [unreadable('-', errorCode(error))] }
  }
  return await parseManifestFile('-', Buffer.concat(chunks), createPause())
}
