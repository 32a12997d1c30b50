import { noBlock, requireArgs } from '../config/directive-arguments.ts'
import type { Plugin } from './plugin.ts'

/** `debug`: every log line about a fault of SliceDNS's own has its stack trace, in all blocks. */
export const debug: Plugin = {
  name: 'debug',
  setup(directives) {
    for (const directive of directives) {
      requireArgs(directive, 0, 0, 'debug')
      noBlock(directive)
    }
    return { showsStacks: true }
  },
}
