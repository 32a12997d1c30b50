// Makes dist/: plain JavaScript and type declarations for people who install the package, and dist/bin.js with
// dist/bundle/, the program in a few files that needs no other package at run time. Images hold the program alone.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { build } from 'rolldown'

const root = resolve(import.meta.dirname, '..')
const dist = join(root, 'dist')
rmSync(dist, { recursive: true, force: true })
execFileSync(join(root, 'node_modules/.bin/tsc'), ['--project', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})

const { output } = await build({
  input: join(dist, 'bin.js'),
  platform: 'node',
  logLevel: 'warn',
  write: false,
  output: {
    format: 'esm',
    entryFileNames: 'bin.js',
    // As deep as dist/cli/, from where the sources look for package.json and zones/.
    chunkFileNames: 'bundle/[name].js',
    // The notices of licenses are in dist/bundle/LICENSES.txt, whole.
    comments: false,
  },
})
mkdirSync(join(dist, 'bundle'))
for (const file of output) {
  // One sign beyond Latin-1 in a source makes V8 keep all of it with two octets for each: 0.9 MB more in memory.
  if (file.type === 'chunk')
    writeFileSync(join(dist, file.fileName), takeBuiltins(file.code).replaceAll(/[^\0-\x7f]/g, escapeSign))
}
chmodSync(join(dist, 'bin.js'), 0o755)

const folders = output
  .flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  .map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0])
  .filter((folder) => folder !== undefined)
writeFileSync(
  join(dist, 'bundle/LICENSES.txt'),
  [...new Set(folders)].toSorted().map(composeNotice).join('\n'),
)

/**
 * Modules of Node by `process.getBuiltinModule`: an `import` looks at everything that a module has, and what `node:http` has makes
 * Node load its whole client of web pages. A start costs 35 ms of CPU and 4 MB less so.
 */
function takeBuiltins(code: string): string {
  const taken = code.replaceAll(
    /^import (?:(\w+),? )?(?:\{ ([^}]*) \} )?from "(node:[^"]+)";$/gm,
    (_, whole: string | undefined, named: string | undefined, name: string) =>
      [whole, named && `{ ${named.replaceAll(' as ', ': ')} }`]
        .filter((pattern) => pattern !== undefined)
        .map((pattern) => `const ${pattern} = process.getBuiltinModule("${name}");`)
        .join(' '),
  )
  const left =
    /^(?:import|export)\b[^;]*"node:[^;]*;|^const \{ [^}]*\bdefault: .*getBuiltinModule.*|^const process = .*/m.exec(
      taken,
    )?.[0]
  if (left !== undefined) throw new Error(`Cannot take a module of Node out of the bundle's line ${left}`)
  return taken
}

/** As string literals, templates and regular expressions may spell it, in which alone such signs stand: comments are left out. */
function escapeSign(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The license of a package that the bundle holds. Throws where there is none: the bundle must not be given away then. */
function composeNotice(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const name = folder.split('/node_modules/').at(-1)
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? licenseOf(manifest) : readFileSync(join(folder, file), 'utf8').trim()
  if (text === undefined)
    throw new Error(`Cannot bundle ${name}: no file LICENSE and no license in package.json`)
  return `${name}\n${'='.repeat(name?.length ?? 0)}\n\n${text}\n`
}

function licenseOf(manifest: unknown): string | undefined {
  if (typeof manifest !== 'object' || manifest === null || !('license' in manifest)) return undefined
  return `License: ${String(manifest.license)}`
}
