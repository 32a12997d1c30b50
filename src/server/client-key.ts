const GROUPS = 8
const PREFIX_GROUPS = 4

/**
 * Who counts as one client where shares are given out: an IPv4 address, or the first 64 bits of an IPv6 address, because
 * every host can take any address of its own link (RFC 4291 2.5.4, RFC 8981). Link-local addresses, which have their
 * first 64 bits in common, count each. `address` is as the system writes it.
 */
export function clientKey(address: string): string {
  if (!address.includes(':') || /^fe[89ab]/i.test(address)) return address
  const [head = '', tail = ''] = address.split('::')
  const [first, last] = [groupsOf(head), groupsOf(tail)]
  const zeros = Array.from({ length: Math.max(0, GROUPS - first.length - last.length) }, () => '0')
  return [...first, ...zeros, ...last].slice(0, PREFIX_GROUPS).join(':')
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':')
}
