import { createControllers } from '../kubernetes/controllers/controllers.ts'
import type { LoadSummary } from '../kubernetes/manifests/cluster-teller.ts'
import { createManifestSource } from '../kubernetes/manifests/manifest-source.ts'
import type { ManifestProblem } from '../kubernetes/manifests/manifest.ts'
import type { ClusterSink } from '../kubernetes/source.ts'
import { problemLine } from './manifest-reader.ts'
import { createProgress } from './progress.ts'

/** For CI: nothing to say but notes, something will not resolve, the folders could not be checked. */
const EXIT_CLEAN = 0
const EXIT_PROBLEMS = 1
const EXIT_NOT_CHECKED = 2

const USAGE = 'slicedns check FOLDER… [--json]'

/** `slicedns check FOLDER…`: lists what would not resolve as its author may think, with the place and the reason. */
export async function check(argv: readonly string[]): Promise<number> {
  try {
    const { folders, json } = parseArguments(argv)
    const summary = await load(folders)
    process.stdout.write(json ? asJson(summary) : asText(summary))
    return summary.problems.every(({ severity }) => severity === 'note') ? EXIT_CLEAN : EXIT_PROBLEMS
  } catch (error) {
    process.stderr.write(`slicedns check: ${error instanceof Error ? error.message : String(error)}\n`)
    return EXIT_NOT_CHECKED
  }
}

function parseArguments(argv: readonly string[]): { folders: readonly string[]; json: boolean } {
  const flags = argv.filter((word) => word.startsWith('-') && word !== '-')
  const unknown = flags.find((flag) => flag !== '--json' && flag !== '-json')
  if (unknown !== undefined) throw new Error(`unknown flag "${unknown}": ${USAGE}`)
  const folders = argv.filter((word) => !flags.includes(word))
  if (folders.length === 0 || folders.includes('')) throw new Error(`which folder? ${USAGE}`)
  return { folders, json: flags.length > 0 }
}

async function load(folders: readonly string[]): Promise<LoadSummary> {
  const showProgress = createProgress(process.stderr)
  let summary: LoadSummary | undefined
  const source = createManifestSource({
    folders,
    stdin: process.stdin,
    watch: false,
    build: createControllers(),
    onProgress: showProgress,
    onLoaded: (loaded) => {
      summary = loaded
    },
  })
  await source.start(NOWHERE)
  showProgress(undefined)
  if (summary === undefined) throw new Error('nothing was read')
  if (isNothing(summary) && !folders.includes('-'))
    throw new Error(
      `there is no .yaml, .yml or .json file in ${folders.join(', ')}: give the folder that holds the manifests`,
    )
  return summary
}

/** The problems are wanted here, not the objects. */
const NOWHERE: ClusterSink = {
  apply: () => true,
  remove: () => {},
  markSynced: () => {},
  markUnavailable: () => {},
  describe: () => {},
}

/** A check of nothing, which in CI must not pass for a good one. */
function isNothing({ filesRead, problems }: LoadSummary): boolean {
  return filesRead === 0 && problems.length === 0
}

function asText({ problems, filesRead, manifestsRead, ignoredKinds }: LoadSummary): string {
  const lines = problems
    .toSorted(byPlace)
    .map((problem) => `${problemLine(problem)} (${problem.severity}, ${problem.code})\n`)
  return `${lines.join('')}${plural(filesRead, 'file')}, ${plural(manifestsRead, 'object')}${ignored(ignoredKinds)}: ${verdict(problems)}\n`
}

function ignored(kinds: ReadonlyMap<string, number>): string {
  if (kinds.size === 0) return ''
  const list = [...kinds].map(([kind, number]) => `${number} ${kind}`).toSorted()
  return ` (ignored: ${list.join(', ')})`
}

function verdict(problems: readonly ManifestProblem[]): string {
  const notes = count(problems, 'note')
  const others = `${plural(count(problems, 'error'), 'error')}, ${plural(count(problems, 'warning'), 'warning')}`
  const parts = [...(notes < problems.length ? [others] : []), ...(notes > 0 ? [plural(notes, 'note')] : [])]
  return parts.join(', ') || 'nothing to report'
}

function asJson({ problems, filesRead, manifestsRead, ignoredKinds }: LoadSummary): string {
  const value = {
    filesRead,
    objectsRead: manifestsRead,
    ignoredKinds: Object.fromEntries(ignoredKinds),
    errors: count(problems, 'error'),
    warnings: count(problems, 'warning'),
    notes: count(problems, 'note'),
    problems: problems
      .toSorted(byPlace)
      .map(({ severity, code, message, position: { file, line, column } }) => ({
        severity,
        code,
        message,
        file,
        line,
        column,
      })),
  }
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function byPlace({ position: a }: ManifestProblem, { position: b }: ManifestProblem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

function count(problems: readonly ManifestProblem[], severity: ManifestProblem['severity']): number {
  return problems.filter((problem) => problem.severity === severity).length
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
