import { randomBytes } from 'node:crypto'

import { noBlock, requireArgs } from '../config/directive-arguments.ts'
import { LoopWatch } from './loop/loop-watch.ts'
import type { Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/**
 * `loop`: finds out whether queries that are forwarded come back here, by a question with a name that nobody can guess. As
 * long as they do, names that would be forwarded are SERVFAIL; the process and all else goes on.
 */
export const loop: Plugin = {
  name: 'loop',
  setup(directives, { host, zones }) {
    const directive = singleDirective(directives, 'remove this one')
    if (directive === undefined) return {}
    requireArgs(directive, 0, 0, 'loop')
    noBlock(directive)
    const [zone] = zones
    if (zone === undefined) return {}
    const looping = host.metrics
      .gauge({
        name: 'slicedns_forward_loop',
        help: '1 while queries that are forwarded come back to this server.',
        labels: ['zone'],
      })
      .with(zone)
    const watch = new LoopWatch({
      zone,
      randomLabel: () => randomBytes(16).toString('hex'),
      nowMs: host.nowMs,
      onChange: (isLooping) => {
        looping.value = isLooping ? 1 : 0
        if (isLooping)
          host.log.error(
            `what is forwarded for zone ${zone} comes back here: an upstream sends its queries to this server. ` +
              'Names that would be forwarded are SERVFAIL until that ends. Forward to a server that does not, or to ' +
              'a resolv.conf that does not name this one.',
            { zone },
          )
        else host.log.info(`what is forwarded for zone ${zone} does not come back here any more`, { zone })
      },
    })
    return { responder: watch.respond }
  },
}
