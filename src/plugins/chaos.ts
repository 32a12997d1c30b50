import type { Directive } from '../config/corefile.ts'
import { noBlock } from '../config/directive-arguments.ts'
import { shuffle } from '../forward/shuffle.ts'
import { ExtendedErrorCode } from '../wire/extended-error.ts'
import type { CharacterString } from '../wire/character-string.ts'
import { Rcode } from '../wire/rcode.ts'
import { RrType } from '../wire/rrtype.ts'
import type { Query, Reply } from '../zone/responder.ts'
import type { Plugin, PluginHost } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/**
 * `chaos [VERSION] [AUTHORS…]`: answers TXT questions of class CH about this server (RFC 4892). Other questions of that
 * class are refused.
 */
export const chaos: Plugin = {
  name: 'chaos',
  setup(directives, { host }) {
    const directive = singleDirective(directives, 'remove this one')
    if (directive === undefined) return {}
    noBlock(directive)
    const textsOf = textsByName(directive, host)
    return {
      answerChaos: (query) => {
        const texts = query.question.qtype === RrType.TXT ? textsOf.get(query.lowerName) : undefined
        return texts === undefined || texts.length === 0
          ? NOTHING
          : replyOf(query, shuffle(texts, host.random))
      },
    }
  },
}

function textsByName({ args }: Directive, host: PluginHost): ReadonlyMap<string, readonly CharacterString[]> {
  const [version = host.software, ...authors] = args.map(({ text }) => text)
  return new Map([
    ['version.bind.', [characterString(version)]],
    ['version.server.', [characterString(version)]],
    ['hostname.bind.', [characterString(host.hostname)]],
    ['id.server.', [characterString(host.hostname)]],
    ['authors.bind.', [...new Set(authors.map(characterString))]],
  ])
}

/** Cut to what one string of a TXT record holds (RFC 1035 3.3). */
function characterString(text: string): CharacterString {
  return Buffer.from(text).toString('latin1').slice(0, 255)
}

/** TTL 0: what one replica says is nothing for a cache. */
function replyOf({ question: { qname } }: Query, texts: readonly CharacterString[]): Reply {
  const rdatas = texts.map((text) => ({ kind: 'TXT', strings: [text] }) as const)
  return {
    rcode: Rcode.NOERROR,
    authoritativeAnswer: false,
    answer: [{ owner: qname, rrtype: RrType.TXT, ttlSeconds: 0, rdatas }],
    authority: [],
    additional: [],
  }
}

const NOTHING: Reply = {
  rcode: Rcode.REFUSED,
  authoritativeAnswer: false,
  answer: [],
  authority: [],
  additional: [],
  extendedError: {
    code: ExtendedErrorCode.NOT_SUPPORTED,
    text: 'of class CH there are TXT records only, of names such as version.bind and id.server',
  },
}
