/**
 * Real stub resolvers against SliceDNS, in a network namespace with a resolv.conf like a Pod's. Prints what each lookup of
 * each resolver took: queries / milliseconds. `node test/stubs/run.ts --write` puts the queries into docs/benchmarks.md, where
 * nothing failed.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { writeReport } from '../../bench/workspace.ts'
import { isInstalled } from './installed.ts'
import { labLookups } from './lookups.ts'
import { furnishNamespace, missingForNamespace, NAME_SERVER, runInNamespace } from './namespace.ts'
import { noteLines, pageSection, problemLines, resultTable, timedCell } from './report.ts'
import type { Resolver } from './resolver.ts'
import { RESOLVERS } from './resolvers.ts'
import { runResolver } from './run-resolver.ts'
import { type ServedLabs, serveLabs } from './served-labs.ts'
import type { Result } from './verdict.ts'

/** How the program tells itself that it runs within the namespace. */
const WITHIN = '--within-namespace'

const options = new Set(process.argv.slice(2))
process.exitCode = options.has(WITHIN) ? await runWithin() : await runOutside()

async function runOutside(): Promise<number> {
  const missing = missingForNamespace()
  if (missing === undefined) return await runInNamespace(import.meta.filename, [WITHIN, ...options])
  say(`The stub resolvers cannot run: ${missing}`)
  return 2
}

async function runWithin(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'slicedns-stubs-'))
  try {
    furnishNamespace()
    const labs = await serveLabs(NAME_SERVER, folder)
    try {
      return await runAll(labs, folder)
    } finally {
      await labs.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Returns the exit code: 1 where a lookup failed, or a resolver did not start. */
async function runAll(labs: ServedLabs, folder: string): Promise<number> {
  const lookups = await labLookups(labs.client)
  const missing = RESOLVERS.filter((resolver) => commandsFor(resolver).length > 0)
  const results: Result[] = []
  const broken: string[] = []
  for (const resolver of RESOLVERS.filter((each) => !missing.includes(each))) {
    try {
      results.push(...(await runResolver(resolver, lookups, labs, folder)))
    } catch (error) {
      broken.push(`${resolver.name}: cannot be asked: ${String(error)}`)
    }
  }
  const failures = [...broken, ...problemLines(results)]
  say(`Queries over UDP (+ TCP) / milliseconds\n\n${resultTable(results, timedCell)}`)
  for (const line of noteLines(results)) say(`note: ${line}`)
  for (const line of failures) say(`failed: ${line}`)
  for (const resolver of missing) say(`skipped: ${resolver.name}. ${commandsFor(resolver).join('; ')}`)
  if (options.has('--write') && failures.length === 0) {
    await writeReport('stubs', pageSection(results, missing))
  }
  const passed = results.filter(({ problems }) => problems.length === 0).length
  say(`${passed} passed, ${failures.length} failed, ${missing.length} skipped`)
  return failures.length === 0 ? 0 : 1
}

/** What installs that which the resolver needs and does not find. */
function commandsFor({ needs }: Resolver): readonly string[] {
  return Object.entries(needs)
    .filter(([program]) => !isInstalled(program))
    .map(([, command]) => `Install it with: ${command}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
