/** A place to listen as CoreDNS names it in metrics: `dns://:53`, `dns://[::1]:53`. Without an address: all of them. */
export function serverLabel(address: string | undefined, port: number): string {
  const host = address?.includes(':') === true ? `[${address}]` : (address ?? '')
  return `dns://${host}:${port}`
}
