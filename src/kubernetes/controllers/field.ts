import { isMapping } from '../manifests/manifest-shape.ts'

/** A value in a manifest together with where it stands, so that a wrong one can be named: `spec.ports[0].port`. */
export class Field {
  readonly value: unknown
  readonly #parent: Field | undefined
  readonly #key: string | number

  constructor(value: unknown, parent?: Field, key: string | number = '') {
    // YAML's empty value and JSON's null mean "not given", as they do to the API server.
    this.value = value ?? undefined
    this.#parent = parent
    this.#key = key
  }

  /** The keys from the object's root down to here. */
  get path(): (string | number)[] {
    const path: (string | number)[] = []
    if (this.#parent === undefined) return path
    path.push(...this.#parent.path, this.#key)
    return path
  }

  get isGiven(): boolean {
    return this.value !== undefined
  }

  /** The field of that name in this mapping; not given where the mapping is not. */
  at(key: string): Field {
    const mapping = this.#mapping()
    const value = mapping !== undefined && Object.hasOwn(mapping, key) ? mapping[key] : undefined
    return new Field(value, this, key)
  }

  /** The items of this list; none where it is not given. */
  items(): Field[] {
    const value = this.value
    if (value === undefined) return []
    if (!Array.isArray(value)) return this.fail('must be a list')
    return value.map((item: unknown, index) => new Field(item, this, index))
  }

  text(): string | undefined {
    const value = this.value
    if (value === undefined || typeof value === 'string') return value
    return this.fail(typeof value === 'object' ? 'must be a text' : 'must be a text (put it in quotes)')
  }

  boolean(): boolean | undefined {
    const value = this.value
    if (value === undefined || typeof value === 'boolean') return value
    return this.fail('must be true or false')
  }

  integer(minimum: number, maximum: number): number | undefined {
    const value = this.value
    if (value === undefined) return undefined
    const inRange =
      typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum
    return inRange ? value : this.fail(`must be a number ${minimum}–${maximum}`)
  }

  /** One of the texts given, or undefined where this field is not given or empty, as the API server reads it. */
  choice<const T extends string>(choices: readonly T[]): T | undefined {
    const value = this.value
    if (value === undefined || value === '') return undefined
    return choices.find((choice) => choice === value) ?? this.fail(`must be one of ${choices.join(', ')}`)
  }

  /** A mapping of texts: labels, annotations, a selector. */
  texts(): Readonly<Record<string, string>> {
    const mapping = this.#mapping()
    if (mapping === undefined) return {}
    if (isMappingOfTexts(mapping)) return mapping
    const wrong = Object.keys(mapping).find((key) => typeof mapping[key] !== 'string')
    return this.at(wrong ?? '').fail('must be a text (put it in quotes)')
  }

  /** Gives up on the object: `expected` completes the sentence that begins with the path. */
  fail(expected: string): never {
    const message = `${pathText(this.path)} ${expected}, got ${shown(this.value)}`
    throw new InvalidField('SLICEDNS_MANIFEST_FIELD_INVALID', this.path, message)
  }

  /** Gives up on the object for want of this field. */
  missing(): never {
    throw new InvalidField('SLICEDNS_MANIFEST_FIELD_MISSING', this.path, `${pathText(this.path)} is missing`)
  }

  #mapping(): Readonly<Record<string, unknown>> | undefined {
    const value = this.value
    if (value === undefined) return undefined
    return isMapping(value) ? value : this.fail('must be a mapping')
  }
}

/** An object has a field that Kubernetes would refuse. Thrown while reading, caught for each object. */
export class InvalidField extends Error {
  readonly code: string
  readonly path: readonly (string | number)[]

  constructor(code: string, path: readonly (string | number)[], message: string) {
    super(message)
    this.code = code
    this.path = path
  }
}

function isMappingOfTexts(mapping: object): mapping is Readonly<Record<string, string>> {
  return Object.values(mapping).every((value) => typeof value === 'string')
}

/** The dotted form in which Kubernetes writes a path: `spec.ports[0].port`. */
function pathText(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${key}`))
    .join('')
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
