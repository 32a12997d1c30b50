import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Flags } from '../../src/config/flags.ts'
import { FlagError, parseFlags } from '../../src/config/flags.ts'

const NONE: Flags = {
  conf: undefined,
  dnsPort: undefined,
  pidfile: undefined,
  plugins: false,
  quiet: false,
  version: false,
  help: false,
  positionals: [],
}

describe('parseFlags', () => {
  test.each<readonly [string, Partial<Flags>]>([
    ['', {}],
    ['-conf Corefile', { conf: 'Corefile' }],
    ['--conf Corefile', { conf: 'Corefile' }],
    ['-conf=Corefile', { conf: 'Corefile' }],
    ['--conf=a=b', { conf: 'a=b' }],
    ['-conf=', { conf: undefined }],
    ['-conf -quiet', { conf: '-quiet' }],
    ['-dns.port 1053', { dnsPort: 1053 }],
    ['-p 0', { dnsPort: 0 }],
    ['--p=65535', { dnsPort: 65_535 }],
    ['-p 1 -dns.port 2', { dnsPort: 2 }],
    ['-pidfile /run/s.pid', { pidfile: '/run/s.pid' }],
    ['-plugins -quiet -version', { plugins: true, quiet: true, version: true }],
    ['-quiet=false', { quiet: false }],
    ['-quiet --quiet=0', { quiet: false }],
    ['-quiet=T', { quiet: true }],
    ['-h', { help: true }],
    ['-help', { help: true }],
    ['--help', { help: true }],
    ['-', { positionals: ['-'] }],
    ['a b -p 5 c', { dnsPort: 5, positionals: ['a', 'b', 'c'] }],
    ['-quiet true', { quiet: true, positionals: ['true'] }],
    ['-quiet -- -p 5', { quiet: true, positionals: ['-p', '5'] }],
  ])('%j', (line, expected) => {
    expect(parseFlags(line === '' ? [] : line.split(' '))).toEqual({ ...NONE, ...expected })
  })

  test('an empty word is no folder, least of all the one it runs in', () => {
    expect(() => parseFlags([''])).toThrow(
      expect.objectContaining({
        code: 'SLICEDNS_FLAG_VALUE',
        message: 'an argument is empty, perhaps from an unset variable: name a folder',
      }),
    )
  })

  test.each([
    ['-cnof x', 'SLICEDNS_FLAG_UNKNOWN', 'unknown flag "-cnof": did you mean "-conf"?'],
    ['--dnsport=5', 'SLICEDNS_FLAG_UNKNOWN', 'unknown flag "--dnsport=5": did you mean "-dns.port"?'],
    ['-Version', 'SLICEDNS_FLAG_UNKNOWN', 'unknown flag "-Version": did you mean "-version"?'],
    [
      '-constructor',
      'SLICEDNS_FLAG_UNKNOWN',
      'unknown flag "-constructor": there are -conf -pidfile -dns.port -p -plugins -quiet -version -h -help',
    ],
    ['---p', 'SLICEDNS_FLAG_UNKNOWN', 'unknown flag "---p": did you mean "-p"?'],
    [
      '-=5',
      'SLICEDNS_FLAG_UNKNOWN',
      'unknown flag "-=5": there are -conf -pidfile -dns.port -p -plugins -quiet -version -h -help',
    ],
    ['-conf', 'SLICEDNS_FLAG_VALUE', 'flag -conf needs a value: -conf VALUE'],
    ['-p', 'SLICEDNS_FLAG_VALUE', 'flag -p needs a value: -p VALUE'],
    ['-p dns', 'SLICEDNS_FLAG_VALUE', 'flag -p needs a port from 0 to 65535, not "dns"'],
    ['-p=', 'SLICEDNS_FLAG_VALUE', 'flag -p needs a port from 0 to 65535, not ""'],
    ['-dns.port -1', 'SLICEDNS_FLAG_VALUE', 'flag -dns.port needs a port from 0 to 65535, not "-1"'],
    ['-dns.port 65536', 'SLICEDNS_FLAG_VALUE', 'flag -dns.port needs a port from 0 to 65535, not "65536"'],
    [
      '-quiet=yes',
      'SLICEDNS_FLAG_VALUE',
      'flag -quiet is a switch: write -quiet, or -quiet=false, not "yes"',
    ],
    [
      '-conf Corefile labs',
      'SLICEDNS_FLAG_CONFLICT',
      '-conf and "labs" exclude each other: give a Corefile, or folders of manifests',
    ],
  ])('%j is refused', (line, code, message) => {
    const error = flagErrorOf(line.split(' '))
    expect(error).toMatchObject({ name: 'FlagError', code, message })
  })

  test('any words give Flags or a FlagError of one line', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('-conf', '-p', '--p=5', '-quiet', '-quiet=x', '--', '-', '5', 'a\nb', '-\n', '-x\n=5'),
    )
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        try {
          parseFlags(argv)
        } catch (error) {
          expect(error).toBeInstanceOf(FlagError)
          expect(String(error)).not.toContain('\n')
        }
      }),
    )
  })
})

function flagErrorOf(argv: readonly string[]): FlagError {
  try {
    parseFlags(argv)
  } catch (error) {
    if (error instanceof FlagError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
