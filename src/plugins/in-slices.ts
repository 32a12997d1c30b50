import { createPause } from '../kubernetes/pause.ts'
import type { Steps } from '../zone/steps.ts'

/** Does the work with turns of the event loop in between, so that queries are answered meanwhile. */
export async function inSlices<Result>(steps: Steps<Result>): Promise<Result> {
  const pause = createPause()
  let step = steps.next()
  while (step.done !== true) {
    const turn = pause()
    if (turn !== undefined) await turn
    step = steps.next()
  }
  return step.value
}
