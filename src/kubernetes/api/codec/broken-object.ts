/** One object is wrong in itself, while what stands around it can be read on. The message completes "it is not served:". */
export class BrokenObject extends Error {
  override readonly name = 'BrokenObject'
}
