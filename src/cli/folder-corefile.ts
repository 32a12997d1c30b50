/** Stands for the path of a Corefile that nobody wrote. */
export const BUILT_IN_COREFILE = 'built-in Corefile'

/** What a folder of manifests is served with where no Corefile says otherwise. */
export interface FolderServing {
  /** Empty for objects given in code. */
  readonly folders: readonly string[]
  /** Where to listen; undefined for every address of the host. */
  readonly host: string | undefined
  /** Addresses or resolv.conf files; empty to forward nothing. */
  readonly upstreams: readonly string[]
}

/** The Corefile that stands for it: what you would write yourself, so that there is one way to configure. */
export function folderCorefile({ folders, host, upstreams }: FolderServing): string {
  const lines = [
    'errors',
    'loadbalance',
    'kubernetes cluster.local in-addr.arpa ip6.arpa {',
    ...(folders.length === 0 ? [] : [`    manifests ${folders.map(quote).join(' ')}`]),
    '    pods insecure',
    '    fallthrough in-addr.arpa ip6.arpa',
    '}',
    ...(host === undefined ? [] : [`bind ${host}`]),
    ...(upstreams.length === 0 ? [] : [`forward . ${upstreams.map(quote).join(' ')}`]),
  ]
  return `. {\n${lines.map((line) => `    ${line}\n`).join('')}}\n`
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`
}
