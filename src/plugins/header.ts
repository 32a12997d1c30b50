import type { Argument, Directive } from '../config/corefile.ts'
import { eachProperty, oneOf, requireArgs, requireBlock } from '../config/directive-arguments.ts'
import type { Reply, Responder } from '../zone/responder.ts'
import type { Plugin } from './plugin.ts'

const USAGE = 'header { query|response set|clear aa|ra|rd }'

/** Flags as they are to be; absent ones stay as they are. */
interface Flags {
  readonly aa?: boolean
  readonly ra?: boolean
  readonly rd?: boolean
}

/**
 * `header { query|response set|clear FLAG… }`: sets and clears AA, RA and RD. Of several directives the first counts, and of
 * several lines about one flag the last.
 */
export const header: Plugin = {
  name: 'header',
  setup(directives) {
    const [rules] = directives.map(rulesOf)
    return rules === undefined ? {} : { responder: createResponder(rules) }
  },
}

interface Rules {
  readonly query: Flags
  readonly response: Flags
}

function rulesOf(directive: Directive): Rules {
  requireArgs(directive, 0, 0, USAGE)
  requireBlock(directive, USAGE)
  let query: Flags = {}
  let response: Flags = {}
  const block = directive.block.map((line) => ({ ...line, name: line.name.toLowerCase() }))
  eachProperty(
    { ...directive, block },
    {
      query: (line) => (query = { ...query, ...flagsOf(line) }),
      response: (line) => (response = { ...response, ...flagsOf(line) }),
    },
  )
  return { query, response }
}

function flagsOf(line: Directive): Flags {
  requireArgs(line, 2, Infinity, `${line.name} set|clear aa|ra|rd`)
  const [action, ...flags] = line.args.map(lowerCased)
  const isSet = action !== undefined && oneOf(action, ['set', 'clear']) === 'set'
  return Object.fromEntries(flags.map((flag) => [oneOf(flag, ['aa', 'ra', 'rd']), isSet]))
}

function lowerCased(argument: Argument): Argument {
  return { ...argument, text: argument.text.toLowerCase() }
}

/** AA and RA of a query mean nothing to anyone (RFC 1035 4.1.1). RD of a reply is that of the query as it was asked on. */
function createResponder({ query: { rd }, response }: Rules): Responder {
  const flags = rd === undefined ? response : { rd, ...response }
  return (query, next) => {
    const reply = next(rd === undefined ? query : query.withRecursionDesired(rd))
    // What is asked on behalf of another question becomes part of a reply that is not this block's.
    if (query.depth > 0) return reply
    return reply instanceof Promise ? reply.then((late) => withFlags(late, flags)) : withFlags(reply, flags)
  }
}

function withFlags(reply: Reply, { aa, ra, rd }: Flags): Reply {
  return {
    ...reply,
    ...(aa !== undefined && { authoritativeAnswer: aa }),
    ...(ra !== undefined && { recursionAvailable: ra }),
    ...(rd !== undefined && { recursionDesired: rd }),
  }
}
