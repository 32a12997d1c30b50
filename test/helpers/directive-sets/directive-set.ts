/** Directives that SliceDNS and CoreDNS run side by side, and what both are asked. */
export interface DirectiveSet {
  /** In one server block for all names. `FOLDER` stands for the folder that holds the files. */
  readonly directives: string
  /** Contents by file name. */
  readonly files?: Readonly<Record<string, string>>
  /** Each as `NAME TYPE`. */
  readonly questions: readonly string[]
}
