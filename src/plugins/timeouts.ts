import type { Argument, Directive } from '../config/corefile.ts'
import {
  eachProperty,
  parseDuration,
  parseInteger,
  requireArgs,
  requireBlock,
} from '../config/directive-arguments.ts'
import { connectionTimeout } from './connection-timeout.ts'
import type { Plugin, TcpTimeouts } from './plugin.ts'

const USAGE = 'timeouts { read|write|idle DURATION, maxtcpqueries MAXIMUM }'
const MAX_QUERIES = 2 ** 31 - 1

/** `timeouts { … }`: deadlines of TCP connections, and how many queries one may carry. What stands twice counts as it stands last. */
export const timeouts: Plugin = {
  name: 'timeouts',
  setup(directives) {
    let tcp: TcpTimeouts = {}
    const take = (taken: TcpTimeouts): void => void (tcp = { ...tcp, ...taken })
    for (const directive of directives) {
      requireArgs(directive, 0, 0, USAGE)
      requireBlock(directive, USAGE)
      eachProperty(directive, {
        read: (property) => take({ readMs: timeoutOf(property) }),
        write: (property) => take({ writeMs: timeoutOf(property) }),
        idle: (property) => take({ idleMs: timeoutOf(property) }),
        maxtcpqueries: (property) => take({ maxQueries: maximumOf(property) }),
      })
    }
    return { tcp }
  },
}

/** A number alone is seconds, as CoreDNS has it. */
function timeoutOf(property: Directive): number {
  const argument = onlyArgument(property, 'DURATION')
  const isSeconds = /^\d{1,9}$/.test(argument.text)
  return connectionTimeout(argument, isSeconds ? Number(argument.text) * 1_000 : parseDuration(argument))
}

/** -1 is no maximum. */
function maximumOf(property: Directive): number {
  const argument = onlyArgument(property, 'MAXIMUM')
  return argument.text === '-1' ? Infinity : parseInteger(argument, { min: 1, max: MAX_QUERIES })
}

function onlyArgument(property: Directive, what: string): Argument {
  requireArgs(property, 1, 1, `${property.name} ${what}`)
  const [argument] = property.args
  if (argument === undefined) throw new TypeError(`Cannot read "${property.name}": it has no argument`)
  return argument
}
