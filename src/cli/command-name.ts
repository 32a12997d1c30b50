/** How the person who started this process can call `slicedns` again: npm puts it on no PATH. */
export function commandName(env: Readonly<Record<string, string | undefined>>): string {
  const script = env['npm_lifecycle_event']
  if (script === undefined) return 'slicedns'
  return env['npm_package_name'] === 'slicedns' && script !== 'npx'
    ? 'npm run -s slicedns --'
    : 'npx slicedns'
}
