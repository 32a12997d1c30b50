import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Component } from '../../control-plane/component.ts'
import type { E2eCase } from '../e2e-case.ts'
import type { World } from '../world.ts'

/** Packets that are lost: in a network namespace of its own, where routes can be changed. */
export const BLACK_HOLE: readonly E2eCase[] = [
  {
    name: 'K06 a host that is gone without a word is noticed within 30 s, and all is known when it is back',
    turn: 'waiting',
    missing: missingForNamespace,
    run: runWithin,
  },
]

const UNSHARE = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc']

function missingForNamespace(): string | undefined {
  const { status } = spawnSync('unshare', [...UNSHARE, 'ip', 'link', 'show', 'lo'])
  return status === 0
    ? undefined
    : 'network namespaces need Linux, root, unshare (util-linux) and ip (iproute2)'
}

async function runWithin(world: World): Promise<void> {
  const program = join(import.meta.dirname, '../black-hole-within.ts')
  const command = ['unshare', ...UNSHARE, process.execPath, program, world.program]
  const within = new Component('black-hole', command, { logFile: join(world.plane.folder, 'black-hole.log') })
  within.start()
  world.defer(() => within.kill())
  if ((await within.ended()) !== 0) throw new Error(await within.output())
}
