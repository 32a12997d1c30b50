/** Names and values of the process environment; an absent name counts as empty. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Replaces `{$NAME}` and `{%NAME%}` by the variable's value, or by nothing where it is unset (corefile(5)). What a value
 * holds is not read again, so a value cannot call for itself. Undefined where the values come to more than `maxLength`
 * UTF-16 units.
 */
export function replaceEnvironment(
  text: string,
  environment: Environment,
  maxLength: number,
): string | undefined {
  if (!text.includes('{')) return text
  let length = 0
  const replaced = text.replaceAll(REFERENCE, (_, windowsName?: string, unixName?: string) => {
    const name = windowsName ?? unixName ?? ''
    const value = (Object.hasOwn(environment, name) ? environment[name] : undefined) ?? ''
    length += value.length
    return length > maxLength ? '' : value
  })
  return length > maxLength ? undefined : replaced
}

/** A name reaches to the first mark that ends it, and cannot begin another reference: that keeps the search linear. */
const REFERENCE = /\{%([^{}%]+)%\}|\{\$([^{}]+)\}/g
