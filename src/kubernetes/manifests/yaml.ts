import {
  boolYaml11Tag,
  CORE_SCHEMA,
  defineScalarTag,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  YAMLException,
} from 'js-yaml'

/** Why a text is no YAML: `offset` counts UTF-16 units from the start of that text. */
export interface YamlFault {
  readonly reason: string
  readonly offset: number
}

export type YamlResult =
  | { readonly values: readonly unknown[]; readonly fault?: undefined }
  | { readonly values?: undefined; readonly fault: YamlFault }

/**
 * Reads the documents of a text (usually one) the way the Kubernetes API's own tools do: YAML 1.1 for `yes`, `on` and `012`,
 * merge keys, but no dates and no base 60, so that a file means here what `kubectl apply` makes of it. JSON is a part of YAML;
 * a JSON document goes through JSON.parse, which is some 50 times faster.
 */
export function parseYaml(text: string): YamlResult {
  const json = parseJson(text)
  if (json !== undefined) return { values: [json] }
  try {
    const values = loadAll(text, { schema, maxDepth })
    // Without a `*` there is no alias, and without an alias nothing unfolds.
    if (text.includes('*') && !unfoldsWithin(values, maxUnfoldedValues)) return { fault: aliasBomb }
    return { values }
  } catch (error) {
    if (!(error instanceof YAMLException)) return { fault: { reason: String(error), offset: 0 } }
    return { fault: { reason: error.reason, offset: error.mark?.position ?? 0 } }
  }
}

const maxDepth = 100

/** A document of 64 MiB holds some 2 million values; aliases make few text into many of them. */
const maxUnfoldedValues = 4_000_000

const aliasBomb: YamlFault = {
  reason: 'its aliases (*name) unfold without end, or into millions of values',
  offset: 0,
}

/** Integers as Go's strconv.ParseInt reads them with base 0: `0x1f`, `0b11`, `0o17` and `017`, underscores allowed. */
const integerTag = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: '-+0123456789'.split(''),
  resolve: (source) => {
    const match = /^([-+]?)(?:0x([\da-f_]+)|0b([01_]+)|0o?([0-7_]+)|([1-9][\d_]*|0))$/i.exec(source)
    if (match === null) return NOT_RESOLVED
    const [, sign, hex, binary, octal, decimal] = match
    const base = hex !== undefined ? 16 : binary !== undefined ? 2 : octal !== undefined ? 8 : 10
    const digits = (hex ?? binary ?? octal ?? decimal ?? '').replaceAll('_', '')
    const value = Number.parseInt(digits, base)
    return Number.isNaN(value) ? NOT_RESOLVED : sign === '-' ? -value : value
  },
  identify: () => false,
})

const schema = CORE_SCHEMA.withTags(boolYaml11Tag, integerTag, mergeTag)

function parseJson(text: string): unknown {
  if (!/^[\s\uFEFF]*[{[]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isDeeperThan(value, maxDepth) ? undefined : value
  } catch {
    return undefined
  }
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((child) => isDeeperThan(child, depth - 1))
}

/** Whether the values, aliases unfolded, are at most `limit`; false as well where a value holds itself. */
function unfoldsWithin(root: unknown, limit: number): boolean {
  const sizes = new Map<object, number>()
  const open = Number.POSITIVE_INFINITY
  const sizeOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1
    const known = sizes.get(value)
    if (known !== undefined) return known
    sizes.set(value, open)
    let size = 1
    for (const child of Object.values(value)) {
      size += sizeOf(child)
      if (size > limit) return open
    }
    sizes.set(value, size)
    return size
  }
  return sizeOf(root) <= limit
}
