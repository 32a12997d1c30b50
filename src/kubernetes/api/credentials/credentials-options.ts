/** Where the API server is and who we are to it: a plain value, the same in two configurations that mean the same. */
export type CredentialsOptions =
  /** The service account of the Pod; else the files of $KUBECONFIG; else ~/.kube/config. */
  | { readonly kind: 'default' }
  /** A kubeconfig file; its current context where none is named. */
  | { readonly kind: 'kubeconfig'; readonly file: string; readonly context?: string }
  /** An http or https URL, whose path is put before every path. */
  | { readonly kind: 'endpoint'; readonly url: string; readonly tls?: EndpointTls }

/** Paths of files in PEM. */
export interface EndpointTls {
  readonly certFile: string
  readonly keyFile: string
  readonly caFile: string
}
