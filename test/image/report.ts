import type { ResidentMemory } from './memory.ts'
import type { ImageSize } from './size.ts'

/** Of CoreDNS's resident memory, what the image may take that follows the same API server. */
const RESIDENT_BAR = 1.15

export interface ImageFigures {
  readonly image: ImageSize
  readonly coredns: ImageSize
  readonly memory: ResidentMemory
}

/** The table for docs/deploy.md. */
export function composeFigures({ image, coredns, memory }: ImageFigures): string {
  const rows = [
    ['unpacked', image.unpackedOctets, coredns.unpackedOctets],
    ['packed (gzip)', image.packedOctets, coredns.packedOctets],
    ['resident, 1,000 Services of 10 endpoints', median(memory.following), median(memory.coredns)],
    ['the same from manifests', median(memory.manifests), undefined],
  ] as const
  const lines = rows.map(
    ([title, ours, theirs]) => `| ${title} | ${megabytes(ours)} | ${megabytes(theirs)} |`,
  )
  return `| MB (10⁶ octets) | SliceDNS | CoreDNS 1.14.7 |
|---|---:|---:|
${lines.join('\n')}

Size: of CoreDNS the program alone, without symbols; its image holds some megabytes more. Resident: VmRSS 5 s after the first
answer, medians of ${memory.coredns.length} starts; the bar is ${RESIDENT_BAR} of CoreDNS's.
`
}

/** What of CoreDNS's resident memory the image takes, and whether that is little enough. */
export function residentRatio({ following, coredns }: ResidentMemory): {
  readonly ratio: number
  readonly isMet: boolean
} {
  const ratio = median(following) / median(coredns)
  return { ratio, isMet: ratio <= RESIDENT_BAR }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function megabytes(octets: number | undefined): string {
  return octets === undefined ? '' : (octets / 1e6).toFixed(0)
}
