import { ConfigError, quoted, withSourceLine } from './config-error.ts'
import type { Corefile, Directive, ServerBlock } from './corefile.ts'
import { didYouMean } from './nearest-word.ts'

/** Every directive of CoreDNS 1.14.7, in the order in which its chain runs. */
export const COREDNS_DIRECTIVES: readonly string[] = [
  'root',
  'metadata',
  'geoip',
  'cancel',
  'proxyproto',
  'quic',
  'grpc_server',
  'https',
  'https3',
  'timeouts',
  'multisocket',
  'reload',
  'nsid',
  'bufsize',
  'bind',
  'debug',
  'trace',
  'ready',
  'health',
  'pprof',
  'shed',
  'prometheus',
  'errors',
  'log',
  'dnstap',
  'local',
  'dns64',
  'any',
  'chaos',
  'loadbalance',
  'tsig',
  'rewrite',
  'autopath',
  'acl',
  'cache',
  'header',
  'dnssec',
  'tls',
  'minimal',
  'template',
  'transfer',
  'hosts',
  'route53',
  'azure',
  'clouddns',
  'k8s_external',
  'kubernetes',
  'file',
  'auto',
  'secondary',
  'etcd',
  'loop',
  'forward',
  'grpc',
  'erratic',
  'whoami',
  'on',
  'sign',
  'view',
  'nomad',
]

/**
 * Throws a ConfigError at the first directive that is not in `known`: one of CoreDNS that is not there is told from
 * a word that no one knows, for which the nearest word is suggested.
 */
export function checkDirectives(corefile: Corefile, known: ReadonlySet<string>): void {
  withSourceLine(corefile.sources, () => {
    for (const block of corefile.serverBlocks) {
      for (const directive of block.directives) {
        if (!known.has(directive.name)) throw unknownDirective(directive, block, known)
      }
    }
  })
}

function unknownDirective(directive: Directive, block: ServerBlock, known: ReadonlySet<string>): ConfigError {
  const { name, position } = directive
  if (COREDNS_DIRECTIVES.includes(name)) {
    return new ConfigError({
      code: 'SLICEDNS_CONFIG_DIRECTIVE_NOT_SUPPORTED',
      message: `directive ${quoted(name)} of CoreDNS is not supported`,
      position,
      hint: `remove it; there are ${[...known].toSorted().join(', ')}`,
    })
  }
  const keys = block.keys.map((key) => key.text).join(' ')
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_UNKNOWN_DIRECTIVE',
    message: `unknown directive ${quoted(name)} in server block ${quoted(keys)}`,
    position,
    hint: didYouMean(name, [...known, ...COREDNS_DIRECTIVES]) ?? hintForUnknown(directive, known),
  })
}

function hintForUnknown({ name, block }: Directive, known: ReadonlySet<string>): string {
  if (block.length > 0 && /[.:/]/.test(name))
    return 'if this is a server block, the one above it lacks its braces'
  return `known are ${[...known].toSorted().join(', ')}`
}
