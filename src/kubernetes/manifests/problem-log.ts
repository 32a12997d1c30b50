import type { ManifestProblem } from './manifest.ts'

/** Tells which problems are new, so that each is reported once until it is gone. */
export class ProblemLog {
  #known: ReadonlySet<string> = new Set()

  /**
   * The problems that were not there at the last call. The position counts for `reading` problems: a syntax error that moved
   * is a new one. For `building` problems it counts only where several read the same: every edit moves what stands below it.
   */
  next(
    reading: readonly ManifestProblem[],
    building: readonly ManifestProblem[],
  ): readonly ManifestProblem[] {
    const fresh: ManifestProblem[] = []
    const known = new Set<string>()
    const groups = Map.groupBy(building, (problem) => `${problem.code} ${problem.message}`)
    const note = (problem: ManifestProblem, key: string) => {
      if (!this.#known.has(key) && !known.has(key)) fresh.push(problem)
      known.add(key)
    }
    for (const problem of reading) note(problem, placed(problem))
    for (const [key, problems] of groups) {
      const [first, second] = problems
      if (first !== undefined && second === undefined) note(first, key)
      else for (const problem of problems) note(problem, placed(problem))
      known.add(key)
    }
    this.#known = known
    return fresh
  }
}

function placed({ code, message, position: { file, line, column } }: ManifestProblem): string {
  return `${code} ${message} ${file}:${line}:${column}`
}
