import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { ControlPlane } from '../../test/control-plane/control-plane.ts'
import { requireTool } from '../tools.ts'

/** The core that a server has for itself while its event loop is judged. */
export const SERVER_CORE = 1

/**
 * Keeps the control plane and this process, and what either starts, off the core of the server meanwhile: an event loop is late as
 * well where others have its core. A machine with one core has no other.
 */
export async function withOwnCore<T>(plane: ControlPlane, work: () => Promise<T>): Promise<T> {
  const cores = Array.from({ length: availableParallelism() }, (_, core) => core)
  const others = cores.filter((core) => core !== SERVER_CORE)
  if (others.length === 0) return work()
  pin(plane, others)
  try {
    return await work()
  } finally {
    pin(plane, cores)
  }
}

function pin({ components }: ControlPlane, cores: readonly number[]): void {
  const running = Object.values(components).filter(({ isRunning }) => isRunning)
  for (const { pid } of [process, ...running])
    execFileSync(requireTool('taskset'), ['-a', '-c', '-p', cores.join(','), `${pid}`], { stdio: 'ignore' })
}
