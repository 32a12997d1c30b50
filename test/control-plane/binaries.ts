import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The programs of a control plane, and the stages that make kwok set Pods and Nodes ready. */
export interface ControlPlaneBinaries {
  readonly etcd: string
  readonly 'kube-apiserver': string
  readonly 'kube-controller-manager': string
  readonly kubectl: string
  readonly kwok: string
  /** A file of Stage objects. */
  readonly kwokStages: string
}

type Program = Exclude<keyof ControlPlaneBinaries, 'kwokStages'>

const MODULE_FOLDER = import.meta.dirname
const KWOK = 'sigs.k8s.io/kwok@v0.8.0'
/** Below kustomize/stage of kwok's module: Pods run and are ready, and go when they are deleted; Nodes are ready. */
const STAGES = [
  'pod/fast/pod-ready',
  'pod/fast/pod-complete',
  'pod/fast/pod-delete',
  'node/fast/node-initialize',
]

/** Packages of the tools in go.mod. etcd's own binary is called `server`. */
const PACKAGES: Readonly<Record<Exclude<Program, 'kwok'>, string>> = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
}

const PROGRAMS: readonly Program[] = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl', 'kwok']

const STAGES_FILE = 'kwok-stages.yaml'

const PROGRESS_MS = 30_000

/**
 * Finds the programs in the folder KUBEBUILDER_ASSETS, then in the cache; builds what is missing there, which takes about five
 * minutes the first time. Throws an Error that says what to install.
 */
export async function provideBinaries(say: (line: string) => void): Promise<ControlPlaneBinaries> {
  const cache = await cacheFolder()
  const assets = process.env['KUBEBUILDER_ASSETS']
  const folders = [...(assets === undefined ? [] : [assets]), cache]
  const find = (program: Program): string | undefined =>
    folders.map((folder) => join(folder, program)).find(isExecutable)
  const findStages = (): string | undefined =>
    folders.map((folder) => join(folder, STAGES_FILE)).find((file) => existsSync(file))
  const missing = PROGRAMS.filter((program) => find(program) === undefined)
  if (missing.length > 0 || findStages() === undefined) await build(missing, cache, say)
  const pathOf = (program: Program): string => find(program) ?? join(cache, program)
  return {
    etcd: pathOf('etcd'),
    'kube-apiserver': pathOf('kube-apiserver'),
    'kube-controller-manager': pathOf('kube-controller-manager'),
    kubectl: pathOf('kubectl'),
    kwok: pathOf('kwok'),
    kwokStages: findStages() ?? join(cache, STAGES_FILE),
  }
}

/** SLICEDNS_CONTROL_PLANE, or a folder of the user's cache that changes with go.mod. */
async function cacheFolder(): Promise<string> {
  const chosen = process.env['SLICEDNS_CONTROL_PLANE']
  if (chosen !== undefined) return chosen
  const text = await readFile(join(MODULE_FOLDER, 'go.mod'), 'utf8')
  const hash = createHash('sha256').update(text).update(KWOK).digest('hex').slice(0, 12)
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return join(base, 'slicedns', 'control-plane', hash)
}

async function build(missing: readonly Program[], cache: string, say: (line: string) => void): Promise<void> {
  mkdirSync(cache, { recursive: true })
  // Beside the cache, so that a program appears there whole or not at all.
  const folder = mkdtempSync(`${cache}-`)
  try {
    if (missing.length > 0)
      say(`Building ${missing.join(', ')} into ${cache}: about five minutes the first time`)
    const packages = missing.flatMap((program) => (program === 'kwok' ? [] : [PACKAGES[program]]))
    if (packages.length > 0)
      await go(['build', '-v', '-ldflags', await linkerFlags(), '-o', `${folder}/`, ...packages], say)
    if (missing.includes('kwok')) {
      await go(['install', '-v', KWOK.replace('@', '/cmd/kwok@')], say, { GOBIN: folder })
    }
    await writeFile(join(folder, STAGES_FILE), await readStages(say))
    for (const program of missing) {
      await rename(join(folder, program === 'etcd' ? 'server' : program), join(cache, program))
    }
    await rename(join(folder, STAGES_FILE), join(cache, STAGES_FILE))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Kubernetes' version is said at the time of linking; clients choose what they do by it. */
async function linkerFlags(): Promise<string> {
  const text = await readFile(join(MODULE_FOLDER, 'go.mod'), 'utf8')
  const [, version, major, minor] = /k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\d+)/.exec(text) ?? []
  if (version === undefined) throw new Error('Cannot find the version of k8s.io/kubernetes in go.mod')
  const variables = { gitVersion: version, gitMajor: major, gitMinor: minor }
  const settings = Object.entries(variables).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  )
  return ['-s', '-w', ...settings].join(' ')
}

async function readStages(say: (line: string) => void): Promise<string> {
  const module: { readonly Dir: string } = JSON.parse(await go(['mod', 'download', '-json', KWOK], say))
  const files = STAGES.map((stage) => join(module.Dir, 'kustomize', 'stage', `${stage}.yaml`))
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return texts.join('\n---\n')
}

/** Runs Go in the folder of go.mod and gives what it prints. Says now and then how many packages are compiled. */
async function go(
  args: readonly string[],
  say: (line: string) => void,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn('go', args, {
    cwd: MODULE_FOLDER,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += String(chunk)))
  const progress = setInterval(
    () => say(`  ${output.stderr.split('\n').length - 1} packages compiled`),
    PROGRESS_MS,
  )
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (code !== 0)
      throw new Error(`go ${args[0]} failed:\n${output.stderr.split('\n').slice(-20).join('\n')}`)
    return output.stdout
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    throw new Error(
      'Cannot build a control plane without Go. Install Go 1.26 (https://go.dev/doc/install), or set KUBEBUILDER_ASSETS to a ' +
        `folder with ${PROGRAMS.join(', ')} and ${STAGES_FILE} (the stages of kwok that make Pods and Nodes ready)`,
      { cause: error },
    )
  } finally {
    clearInterval(progress)
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
