/** Names and values of the process environment; an absent name counts as empty. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Replaces `{$NAME}` and `{%NAME%}` by the variable's value, or by nothing where it is unset (corefile(5)). What a value
 * holds is not read again, so a value cannot call for itself.
 */
export function replaceEnvironment(text: string, environment: Environment): string {
  if (!text.includes('{')) return text
  return text.replaceAll(REFERENCE, (_, windowsName: string | undefined, unixName: string | undefined) => {
    const name = windowsName ?? unixName ?? ''
    return (Object.hasOwn(environment, name) ? environment[name] : undefined) ?? ''
  })
}

/** A name reaches to the first mark that ends it, and cannot begin another reference: that keeps the search linear. */
const REFERENCE = /\{%([^{}%]+)%\}|\{\$([^{}]+)\}/g
