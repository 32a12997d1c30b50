import { expect, test } from 'vitest'

/**
 * Registers a robustness case that cannot apply to this server: its reason stands in the title, so that the report
 * prints and counts it.
 */
export function notApplicable(id: string, reason: string): void {
  test(`${id} not applicable: ${reason}`, () => {
    expect(reason).not.toBe('')
  })
}
