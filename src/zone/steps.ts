/** Work that stops after each short step, so that whoever runs it may do something else in between. */
export type Steps<Result> = Generator<void, Result, void>

/** Records, lines or names of one step: less than a millisecond. */
const ITEMS_PER_STEP = 128

/** Whether a step ends before the item at this index. */
export function endsStep(index: number): boolean {
  return index % ITEMS_PER_STEP === 0
}

/** Does all of it at once. */
export function finish<Result>(steps: Steps<Result>): Result {
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
}
