/** A folder or file of manifests that was asked for is not there. */
export class MissingFolderError extends Error {
  readonly code = 'SLICEDNS_MANIFEST_FOLDER_MISSING'
  readonly folders: readonly string[]

  /** `where`: the place that asks for the first of them, such as `Corefile:3:19`; undefined where that is no file. */
  constructor(folders: readonly string[], where?: string) {
    const verb = folders.length === 1 ? 'does' : 'do'
    super(
      `${where === undefined ? '' : `${where}: `}Cannot read manifests: ${folders.join(', ')} ${verb} not exist. Create it, or give the folder that holds them`,
    )
    this.name = 'MissingFolderError'
    this.folders = folders
  }
}
