import type { EndpointPort } from '../objects.ts'

/** Parts of at most `size` items. */
export function cut<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size))
  return parts
}

/** Tells port lists apart. */
export function portsKey(ports: readonly EndpointPort[]): string {
  return ports.map(({ name, protocol, port }) => `${name}:${protocol}:${port ?? ''}`).join(',')
}
