/** How a client reaches an API server and who it is. */
export interface KubeconfigOptions {
  /** Such as `https://127.0.0.1:6443`. */
  readonly server: string
  /** Undefined to trust any certificate: that of the API server is for 127.0.0.1 alone. */
  readonly caFile: string | undefined
  /** Either of them. A token in a file can be rotated. */
  readonly token?: string
  readonly tokenFile?: string
}

/** A kubeconfig file of one context, `test`. JSON is YAML too. */
export function composeKubeconfig({ server, caFile, token, tokenFile }: KubeconfigOptions): string {
  const user = token === undefined ? { tokenFile } : { token }
  const trust =
    caFile === undefined ? { 'insecure-skip-tls-verify': true } : { 'certificate-authority': caFile }
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster: { server, ...trust } }],
      users: [{ name: 'test', user }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      'current-context': 'test',
    },
    undefined,
    2,
  )}\n`
}
