import { describe, expect, test } from 'vitest'

import { readTree, relativeImports } from './helpers/source-tree.ts'

/** The rooms in the order of docs/architecture.md: each imports only itself and rooms before it. */
const ROOMS = [
  'wire',
  'config',
  'metrics',
  'zone',
  'kubernetes',
  'forward',
  'plugins',
  'server',
  'web',
  'cli',
]

/** Between rooms that could import each other by order, but must not know each other. */
const FORBIDDEN = [
  ['server', 'kubernetes'],
  ['server', 'plugins'],
  ['server', 'config'],
  ['server', 'forward'],
  ['forward', 'kubernetes'],
]

/** Modules that do I/O, keep time or draw random numbers: not for rooms that work on plain values. */
const IMPURE = /from 'node:(fs|net|dgram|tls|http|https|dns|child_process|worker_threads|timers|crypto|os)/
const CLOCK_OR_CHANCE = /\b(Date\.now|new Date\(|performance\.now|Math\.random|setTimeout|setInterval)\b/
const PURE = [
  'src/wire/',
  'src/config/',
  'src/zone/',
  'src/kubernetes/naming/',
  'src/kubernetes/controllers/',
]

const sources = readTree('src', ['.ts'])
const roomOf = (path: string) => path.split('/')[1] ?? ''

describe('rooms', () => {
  test('every source file stands in a room, or joins them', () => {
    const strangers = sources.filter(
      ({ path }) => path.split('/').length > 2 && !ROOMS.includes(roomOf(path)),
    )
    expect(strangers.map(({ path }) => path)).toEqual([])
    const top = sources.filter(({ path }) => path.split('/').length === 2).map(({ path }) => path)
    expect(top).toEqual(['src/bin.ts', 'src/index.ts', 'src/main.ts'])
  })

  test('a room imports only rooms above it', () => {
    const wrong = sources
      .filter(({ path }) => ROOMS.includes(roomOf(path)))
      .flatMap((file) => relativeImports(file).map((target) => [file.path, target] as const))
      .filter(([from, to]) => {
        const [here, there] = [roomOf(from), roomOf(to)]
        if (!ROOMS.includes(there)) return true
        const forbidden = FORBIDDEN.some(([a, b]) => a === here && b === there)
        return forbidden || ROOMS.indexOf(there) > ROOMS.indexOf(here)
      })
    expect(wrong).toEqual([])
  })

  test('no file imports itself through others', () => {
    const importsOf = new Map(sources.map((file) => [file.path, relativeImports(file)]))
    const cycles: string[][] = []
    const done = new Set<string>()
    const visit = (path: string, trail: readonly string[]): void => {
      const again = trail.indexOf(path)
      if (again !== -1) cycles.push([...trail.slice(again), path])
      if (again !== -1 || done.has(path)) return
      for (const target of importsOf.get(path) ?? []) visit(target, [...trail, path])
      done.add(path)
    }
    for (const path of importsOf.keys()) visit(path, [])
    expect(cycles).toEqual([])
  })

  test('only forward, server, web, the transport to the Kubernetes API and cli/dns-client.ts open sockets', () => {
    const opening =
      /^import (?!type|\{ (?:BlockList, )?(?:isIP(?:v[46])?|createSecureContext) \}).* from 'node:(?:dgram|net|tls|https?|http2)'/m
    const openers = sources
      .filter(
        ({ path }) =>
          !/^src\/(?:(?:forward|server|web)\/|kubernetes\/api\/(?:http-get|https-transport)\.ts$|cli\/dns-client\.ts$)/.test(
            path,
          ),
      )
      .filter(({ text }) => opening.test(text))
    expect(openers.map(({ path }) => path)).toEqual([])
  })

  test('rooms of plain values do no I/O, read no clock and draw no numbers', () => {
    const impure = sources
      .filter(({ path }) => PURE.some((room) => path.startsWith(room)))
      .filter(({ text }) => IMPURE.test(text) || CLOCK_OR_CHANCE.test(text))
    expect(impure.map(({ path }) => path)).toEqual([])
  })
})

describe('files', () => {
  const all = [
    ...sources,
    ...readTree('test', ['.ts']),
    ...readTree('bench', ['.ts']),
    ...readTree('scripts', ['.ts']),
  ]

  test('a source file has at most 300 lines, a test at most 500', () => {
    const long = all
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (path.startsWith('src/') ? 300 : 500))
    expect(long).toEqual([])
  })

  test('half of the source files have at most 120 lines', () => {
    const lengths = sources.map(({ text }) => text.split('\n').length - 1).toSorted((a, b) => a - b)
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(120)
  })

  test('nothing is left to do in a comment, and nothing prints by console', () => {
    // Spelt so that this file is not its own first finding.
    const unfinished = /\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b/
    const printing = /consol[e]\.(log|error|warn|info)/
    const left = all.filter(({ text }) => unfinished.test(text) || printing.test(text))
    expect(left.map(({ path }) => path)).toEqual([])
  })

  test('every function, constant and class that a source file exports is used by another file', () => {
    const wordsOf = new Map(all.map(({ path, text }) => [path, new Set(text.match(/\w+/g))]))
    const unused = sources
      .filter(({ path }) => path !== 'src/index.ts')
      .flatMap(({ path, text }) => exportedValues(text).map((name) => ({ path, name })))
      .filter(({ path, name }) => ![...wordsOf].some(([other, words]) => other !== path && words.has(name)))
    expect(unused).toEqual([])
  })

  test('only wire/octets.ts overrides the compiler about undefined', () => {
    const overriding = sources
      .filter(({ path }) => path !== 'src/wire/octets.ts')
      .filter(({ text }) => /[\w)\]]!(?!=)[\s.;,)\]]/.test(stripText(text)))
    expect(overriding.map(({ path }) => path)).toEqual([])
  })

  test('a test stands where the file it tests stands', () => {
    const mirrored = readTree('test', ['.test.ts']).filter(({ path }) => ROOMS.includes(roomOf(path)))
    const known = new Set(sources.map(({ path }) => path))
    const lost = mirrored.filter(({ path }) => !isMirror(path, known))
    expect(lost.map(({ path }) => path)).toEqual([])
  })
})

/** Types are left out: many stand in the signature of a function, and are inferred where it is called. */
function exportedValues(text: string): string[] {
  const exported = /^export (?:async )?(?:function\*?|const|(?:abstract )?class) (\w+)/gm
  return [...text.matchAll(exported)].flatMap(([, name]) => name ?? [])
}

/** Code without strings, templates and comments, in which an exclamation mark says nothing about types. */
function stripText(text: string): string {
  return text.replaceAll(
    /\/\*[\s\S]*?\*\/|\/\/.*$|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/(?:\\.|[^/\\\n])+\/[a-z]*/gm,
    '',
  )
}

/** `test/wire/name.test.ts` and `test/wire/name.decompression.test.ts` both test `src/wire/name.ts`. */
function isMirror(path: string, known: ReadonlySet<string>): boolean {
  const stem = path.replace(/^test\//, 'src/').replace(/(\.[\w-]+)?\.test\.ts$/, '')
  if (known.has(`${stem}.ts`)) return true
  return [...known].some((source) => source.startsWith(`${stem}/`))
}
