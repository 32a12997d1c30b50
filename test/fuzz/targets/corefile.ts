import { planBlocks } from '../../../src/cli/plan-blocks.ts'
import { ConfigError } from '../../../src/config/config-error.ts'
import type { Corefile } from '../../../src/config/corefile.ts'
import { parseCorefile } from '../../../src/config/parser.ts'
import { COREDNS_DIRECTIVES } from '../../../src/config/directive-names.ts'
import type { PluginHost } from '../../../src/plugins/plugin.ts'
import { testHost } from '../../plugins/plugin-harness.ts'
import { FILE_RUN_MS, insist, words } from '../target.ts'
import type { FuzzTarget } from '../target.ts'

/** A Corefile: what it plans, or an error that says where, what and how to mend. */
export const corefileTarget: FuzzTarget = {
  name: 'corefile',
  seedForm: 'txt',
  maxOctets: 4_096,
  maxRunMs: FILE_RUN_MS,
  dictionary: [
    ...words(
      ' {\n',
      '\n}\n',
      '{',
      '}',
      '"',
      '\\"',
      '\\',
      '#',
      ',',
      '\n',
      '\r\n',
      '\t',
      '(a) {\n',
      'import a\n',
    ),
    ...words(
      '{$A}',
      '{%A%}',
      '{$',
      '{%',
      '%}',
      'import b\n',
      'import *\n',
      '.:53',
      'cluster.local',
      'tls://',
      'dns://.',
    ),
    ...words(
      '10.0.0.0/8',
      'fd00::/8',
      '[::1]:53',
      '0.0.0.0/0',
      '::/0',
      ':99999',
      '\u00ef\u00bb\u00bf',
      '\\123',
      '*.',
      '.',
    ),
    ...words(...COREDNS_DIRECTIVES.map((name) => ` ${name} `)),
    ...words(
      'manifests x',
      'namespaces a',
      'labels a in (b)',
      'pods verified',
      'ttl 5',
      'fallthrough',
      'ptr first',
      'explain off',
    ),
    ...words(
      '127.0.0.1',
      '/etc/resolv.conf',
      'except',
      '1h30m',
      '99999999999s',
      'round_robin',
      'noendpoints',
      'IN',
      'ANY',
    ),
  ],
  run: (octets) => {
    const text = Buffer.from(octets).toString('utf8')
    try {
      const corefile = parse(text)
      const ports = planBlocks(corefile, 53, createHost()).listens
      return `${corefile.serverBlocks.length} blocks ${ports.length} ports ${corefile.warnings.length} warnings`
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      insist(/^SLICEDNS_[A-Z_]+$/.test(error.code), `no code: ${error.code}`)
      insist(error.position.line >= 1 && error.position.column >= 1, 'an error without a place')
      insist(error.message.length < 2_000, 'an error of more than 2,000 characters')
      return error.code
    }
  },
}

/** Two other files: `a` and one that imports the first. */
const FILES: Readonly<Record<string, string>> = { a: 'errors\n', b: 'import a\nimport Corefile\n' }

function parse(text: string): Corefile {
  return parseCorefile(text, {
    file: 'Corefile',
    env: { A: 'cluster.local', B: '{$A} }', EMPTY: '' },
    readFile: (path) => {
      const found = path === 'Corefile' ? text : FILES[path]
      if (found === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
      return found
    },
    glob: (pattern) => (pattern === '*' ? ['a', 'b'] : []),
  })
}

/** A host with an interface and a resolv.conf, and objects in code. */
function createHost(): PluginHost {
  return testHost({
    hasObjects: true,
    interfaceAddresses: (name) => (name === 'lo' ? ['127.0.0.1', '::1'] : []),
    readFile: () => 'nameserver 127.0.0.1\n',
  })
}
