import { createInterface } from 'node:readline'

import type { LookupKind } from '../lookups.ts'

const KINDS: readonly LookupKind[] = ['any', 'ipv4', 'ipv6', 'reverse']

/** Answers the lines of standard input as README.md says, one after the other. */
export async function answerLines(
  lookUp: (kind: LookupKind, subject: string) => Promise<readonly string[]>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, subject = ''] = line.split(' ')
    const kind = KINDS.find((each) => each === word) ?? 'any'
    const startMs = performance.now()
    const found = await describe(lookUp(kind, subject))
    process.stdout.write(`${(performance.now() - startMs).toFixed(3)} ${found}\n`)
  }
}

export function isNotFound(error: unknown): boolean {
  return ['ENOTFOUND', 'ENODATA'].includes(codeOf(error))
}

async function describe(found: Promise<readonly string[]>): Promise<string> {
  try {
    return (await found).join(' ') || 'none'
  } catch (error) {
    return isNotFound(error) ? 'none' : `!${codeOf(error)}`
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error).replaceAll(' ', '_')
}
