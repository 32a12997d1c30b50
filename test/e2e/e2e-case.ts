import type { World } from './world.ts'

/**
 * When a case runs. `waiting`: it mostly waits, and needs no others to stand still, so it runs beside all others; `ordinary`: one after
 * the other; `disruptive`: it stops parts of the control plane, so it runs when nobody else does.
 */
export type Turn = 'waiting' | 'ordinary' | 'disruptive'

/** Something that must hold on a real control plane. It fails by throwing. */
export interface E2eCase {
  /** What holds, robustness cases with their number first. */
  readonly name: string
  readonly turn: Turn
  /** Left out unless `--long` is given; the reason is its length. */
  readonly isLong?: boolean
  /** What of the robustness case is shorter here than it says. */
  readonly shortened?: string
  /** What this machine lacks for it, and how to get it; undefined where nothing is missing. */
  missing?(): string | undefined
  run(world: World): Promise<void>
}
