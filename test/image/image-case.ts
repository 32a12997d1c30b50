import type { BuiltImage } from './builder.ts'

/** What a case works with. */
export interface ImageWorld {
  /** For what a case writes; gone at the end. */
  readonly folder: string
  /** Built on `scratch`, as by default. */
  readonly image: BuiltImage
  /** Built on the base itself, which has a shell. */
  readonly onBase: BuiltImage
}

/** Something that must hold of the image. It fails by throwing. */
export interface ImageCase {
  readonly name: string
  readonly run: (world: ImageWorld) => Promise<void>
}
