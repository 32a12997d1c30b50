import { composeTable } from './report.ts'

/**
 * Costs as multiples of the calibration's, by the name of the case: what can be compared between machines of one kind. The
 * calibration's own nanoseconds say what machine it was.
 */
export interface Baseline {
  readonly calibrationNanoseconds: number
  readonly ratios: Readonly<Record<string, number>>
}

/** A case beside the baseline. */
export interface MicroResult {
  readonly name: string
  readonly nanoseconds: number
  /** How many times the baseline it costs, the machine's speed taken out; undefined where the baseline does not have it. */
  readonly change: number | undefined
}

/** What costs more than so many times the baseline fails the bench. */
export const MAX_CHANGE = 1.5

const CALIBRATION = 'calibration'

/** From nanoseconds per operation by name, the calibration among them. Throws a RangeError where it is not. */
export function baselineOf(nanoseconds: ReadonlyMap<string, number>): Baseline {
  const calibration = calibrationOf(nanoseconds)
  const ratios = [...nanoseconds]
    .filter(([name]) => name !== CALIBRATION)
    .map(([name, value]) => [name, Number((value / calibration).toFixed(4))])
  return { calibrationNanoseconds: Math.round(calibration), ratios: Object.fromEntries(ratios) }
}

/** Every case but the calibration. Throws a RangeError where there is none of that. */
export function compareToBaseline(
  nanoseconds: ReadonlyMap<string, number>,
  { ratios }: Baseline,
): MicroResult[] {
  const calibration = calibrationOf(nanoseconds)
  return [...nanoseconds]
    .filter(([name]) => name !== CALIBRATION)
    .map(([name, value]) => {
      const before = ratios[name]
      return {
        name,
        nanoseconds: value,
        change: before === undefined ? undefined : value / calibration / before,
      }
    })
}

/** The names of cases that became too dear. */
export function findRegressions(results: readonly MicroResult[]): string[] {
  return results.filter(({ change = 0 }) => change > MAX_CHANGE).map(({ name }) => name)
}

export function composeMicroTable(results: readonly MicroResult[]): string {
  const rows = results.map(({ name, nanoseconds, change }) => [
    name,
    Math.round(nanoseconds).toLocaleString('en-GB'),
    change === undefined ? 'new' : `${change < 1 ? '' : '+'}${Math.round((change - 1) * 100)} %`,
  ])
  return composeTable(['case', 'ns/op', 'to baseline'], rows)
}

function calibrationOf(nanoseconds: ReadonlyMap<string, number>): number {
  const calibration = nanoseconds.get(CALIBRATION)
  if (calibration === undefined) throw new RangeError('Cannot compare without the calibration')
  return calibration
}
