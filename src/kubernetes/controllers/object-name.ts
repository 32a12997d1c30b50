const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

export const LABEL_RULE =
  'must be a DNS label: at most 63 lower-case letters, digits and hyphens, with a letter or digit at both ends'
export const SUBDOMAIN_RULE =
  'must be a DNS name: lower-case letters, digits, hyphens and dots, at most 253, with a letter or digit at both ends of each part'

/** Whether Kubernetes takes it as an RFC 1123 label: names of Services and Namespaces, hostnames, port names. */
export function isDnsLabel(text: string): boolean {
  return LABEL.test(text)
}

/** Whether Kubernetes takes it as an RFC 1123 subdomain: names of all other kinds. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text)
}

/** The nearest name that would do, or undefined where nothing of the text is left. */
export function mendedName(text: string): string | undefined {
  const mended = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '')
  return mended === '' ? undefined : mended
}
