/** A Kubernetes object as the API gives it in JSON: whatever fields its kind has, beside the ones needed here. */
export interface ApiObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly [field: string]: unknown
  }
  readonly [field: string]: unknown
}

/** Says which object, without saying how it is. */
export interface ApiObjectReference {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** What an object is told apart by within its kind. */
export function keyOf({ metadata }: ApiObjectReference): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

/** The same object as written at that version. */
export function withResourceVersion(object: ApiObject, resourceVersion: number): ApiObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(resourceVersion) } }
}
