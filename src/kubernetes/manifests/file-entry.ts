import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readManifest } from '../controllers/read-manifest.ts'
import { parseManifestFile } from './manifest-file.ts'
import type { KnownDocuments, ParseStep } from './manifest-file.ts'
import type { FoundFile } from './manifest-folder.ts'
import { errorCode, fileProblem, unreadable } from './manifest-problem.ts'
import type { Manifest, ManifestProblem } from './manifest.ts'

/** What is known of one file. */
export interface FileEntry {
  /** The signature of the file that was read; empty where a later edit could leave no trace in it. */
  readonly signature: string
  readonly contentHash: string
  /** What is served of it. */
  readonly manifests: readonly Manifest[]
  /** Whether `manifests` were once all that the file held: then they are kept while it is wrong. */
  readonly wasGood: boolean
  /** What was read last, whether or not it is served. */
  readonly documents: KnownDocuments
  readonly problems: readonly ManifestProblem[]
}

/** The octets of a file, or why there are none. */
export type FileContents = Uint8Array | ManifestProblem

/** A larger file is reported, not read: 64 MiB are some 200,000 Services. */
export const maxFileOctets = 64 * 1024 * 1024

/** Clocks of file systems tick every 4 ms to 2 s: within that time a second edit may leave no trace. */
const coarsestTickMs = 2000

/** Never throws. */
export async function readContents({ path, sizeOctets }: FoundFile): Promise<FileContents> {
  if (sizeOctets > maxFileOctets) return tooLarge(path)
  try {
    return await readFile(path)
  } catch (error) {
    return unreadable(path, errorCode(error))
  }
}

export function tooLarge(path: string): ManifestProblem {
  const message = `larger than ${maxFileOctets / 1024 / 1024} MiB: split it into several files`
  return fileProblem(path, 'SLICEDNS_MANIFEST_TOO_LARGE', message)
}

/** The entry of a file with these contents. The previous one comes back, but for the signature, where they are the same. */
export async function makeEntry(
  file: FoundFile,
  contents: FileContents,
  previous: FileEntry | undefined,
  step: ParseStep,
): Promise<FileEntry> {
  const isTraceable = Date.now() - file.modifiedMs > coarsestTickMs
  const signature = isTraceable ? file.signature : ''
  const known = previous?.documents ?? new Map<never, never>()
  if (!(contents instanceof Uint8Array))
    return keepGood({ signature, contentHash: '', documents: known, problems: [contents] }, previous)
  const contentHash = hash('sha256', contents)
  if (contentHash === previous?.contentHash) return { ...previous, signature }
  const { manifests, problems, documents } = await parseManifestFile(file.path, contents, step, known)
  const read = { signature, contentHash, documents }
  if (problems.length > 0) return keepGood({ ...read, problems }, previous, manifests)
  const refusals = await newRefusals(manifests, previous, step)
  if (refusals.length > 0) return keepGood({ ...read, problems: refusals }, previous)
  return { ...read, manifests, wasGood: true, problems }
}

/**
 * Why Kubernetes would refuse objects of the file, where it would have refused none before: an edit that fails must not take away
 * what is served. Nothing at the first load, or where some were wrong already: then the right ones go on being followed.
 */
async function newRefusals(
  manifests: readonly Manifest[],
  previous: FileEntry | undefined,
  step: ParseStep,
): Promise<readonly ManifestProblem[]> {
  if (previous?.wasGood !== true) return []
  const refusals: ManifestProblem[] = []
  const before = new Set(previous.manifests)
  for (const manifest of manifests) {
    // If it was refused then, that does not count.
    if (before.has(manifest)) continue
    refusals.push(...refusalOf(manifest))
    await step(manifests.length)
  }
  if (refusals.length === 0) return []
  return previous.manifests.some((manifest) => refusalOf(manifest).length > 0) ? [] : refusals
}

function refusalOf(manifest: Manifest): readonly ManifestProblem[] {
  const { reading, problems } = readManifest(manifest)
  if (reading.of !== 'refused') return []
  return problems.filter(({ severity }) => severity === 'error').map(withoutObject)
}

/** The problem without what a controller knows of it besides. */
function withoutObject({ severity, code, message, position }: ManifestProblem): ManifestProblem {
  return { severity, code, message, position }
}

/** Once right, always all or nothing: the previous objects stay, and the problems say so. */
function keepGood(
  entry: Pick<FileEntry, 'signature' | 'contentHash' | 'documents' | 'problems'>,
  previous: FileEntry | undefined,
  manifests: readonly Manifest[] = previous?.manifests ?? [],
): FileEntry {
  if (previous?.wasGood !== true) return { ...entry, manifests, wasGood: false }
  const problems = entry.problems.map((problem) => ({
    ...problem,
    message: `${problem.message} (the objects it held before stay in use)`,
  }))
  return { ...entry, manifests: previous.manifests, wasGood: true, problems }
}
