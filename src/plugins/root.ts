import { requireArgs } from '../config/directive-arguments.ts'
import type { Plugin } from './plugin.ts'

/** `root DIR`: what relative paths of zone files start from. The folder may still come. Of several the last counts. */
export const root: Plugin = {
  name: 'root',
  setup(directives, { host }) {
    for (const directive of directives) requireArgs(directive, 1, 1, 'root DIR')
    const path = directives.at(-1)?.args[0]?.text
    if (path === undefined) return {}
    if (host.fileStamp(path) === undefined) host.log.warn(`there is no folder ${path}, which "root" names`)
    return { root: path }
  },
}
