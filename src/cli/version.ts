import { readFileSync } from 'node:fs'

/** The version of the package, as package.json has it. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const parsed: unknown = JSON.parse(text)
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed
    ? String(parsed.version)
    : 'unknown'
}

/** `SliceDNS-0.1.0` and what it runs on, as `-version` prints it. */
export function versionText(): string {
  return `SliceDNS-${version()}\n${process.platform}/${process.arch}, node ${process.versions.node}\n`
}
