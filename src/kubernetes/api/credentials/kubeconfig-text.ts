import { dirname, resolve } from 'node:path'

import { load, YAMLException } from 'js-yaml'

import { CredentialsError } from './credentials.ts'

/** A kubeconfig (client-go's clientcmd/api/v1), as far as it names what is used. */
export interface Kubeconfig {
  readonly clusters: readonly Named[]
  readonly users: readonly Named[]
  readonly contexts: readonly Named[]
  readonly currentContext: string
}

/** An entry of one of the lists; `body` is what stands under `cluster`, `user` or `context`. */
export interface Named {
  readonly name: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Reads one file's text. Paths in it start from its folder. Throws CredentialsError. */
export function parseKubeconfig(text: string, file: string): Kubeconfig {
  let value: unknown
  try {
    value = load(text, { filename: file })
  } catch (error) {
    throw wrongFile(file, yamlProblem(error))
  }
  if (!isRecord(value)) throw wrongFile(file, 'it is empty, or no YAML mapping')
  const folder = dirname(resolve(file))
  const context = value['current-context']
  return {
    clusters: entriesOf(value['clusters'], 'cluster', file).map(withPaths(folder, CLUSTER_FILES)),
    users: entriesOf(value['users'], 'user', file).map(withPaths(folder, USER_FILES)),
    contexts: entriesOf(value['contexts'], 'context', file),
    currentContext: typeof context === 'string' ? context : '',
  }
}

/** As client-go does for several files of KUBECONFIG: of two that say the same thing, the first counts. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merge = (list: 'clusters' | 'users' | 'contexts'): readonly Named[] => {
    const merged = new Map<string, Named>()
    for (const entry of configs.flatMap((config) => config[list]))
      if (!merged.has(entry.name)) merged.set(entry.name, entry)
    return [...merged.values()]
  }
  return {
    clusters: merge('clusters'),
    users: merge('users'),
    contexts: merge('contexts'),
    currentContext: configs.find(({ currentContext }) => currentContext !== '')?.currentContext ?? '',
  }
}

const CLUSTER_FILES = ['certificate-authority']
const USER_FILES = ['client-certificate', 'client-key', 'tokenFile']

function entriesOf(list: unknown, kind: string, file: string): readonly Named[] {
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) throw wrongFile(file, `"${kind}s" is no list`)
  return list.map((entry: unknown, index) => {
    if (!isRecord(entry) || typeof entry['name'] !== 'string')
      throw wrongFile(file, `${kind}s[${index}] has no name`)
    const body = entry[kind]
    return { name: entry['name'], body: isRecord(body) ? body : {} }
  })
}

function withPaths(folder: string, fields: readonly string[]): (entry: Named) => Named {
  return ({ name, body }) => {
    const paths = fields.flatMap((field) => {
      const path = body[field]
      return typeof path === 'string' && path !== '' ? [[field, resolve(folder, path)]] : []
    })
    return { name, body: { ...body, ...Object.fromEntries(paths) } }
  }
}

/** Never the lines of the file, which an error of the parser shows: they hold tokens and keys. */
function yamlProblem(error: unknown): string {
  if (!(error instanceof YAMLException)) return 'it is no YAML'
  const { reason, mark } = error
  return mark === undefined ? reason : `${reason} in line ${mark.line + 1}, column ${mark.column + 1}`
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrongFile(file: string, why: string): CredentialsError {
  return new CredentialsError(
    'SLICEDNS_API_KUBECONFIG',
    `Cannot use ${file} as a kubeconfig: ${why}; "kubectl config view --kubeconfig ${file}" shows what it says`,
  )
}
