import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the pattern's first group matches in what the command prints, on whichever stream. */
export function versionOf(program: string, args: readonly string[], pattern: RegExp): string {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return pattern.exec(`${stdout}\n${stderr}`)?.[1] ?? 'unknown version'
}

export function glibcVersion(): string {
  return versionOf('getconf', ['GNU_LIBC_VERSION'], /glibc (\S+)/)
}

/** musl's loader tells its version when it is run alone. */
export function muslVersion(): string {
  const loader = readdirSync('/lib').find((file) => /^ld-musl-.*\.so\.1$/.test(file))
  return loader === undefined ? 'unknown version' : versionOf(join('/lib', loader), [], /Version (\S+)/)
}

/** Of the header that programs are built with. */
export function caresVersion(header: string): string {
  const text = readFileSync(join(header, '../ares_version.h'), 'utf8')
  return /ARES_VERSION_STR\s+"([^"]+)"/.exec(text)?.[1] ?? 'unknown version'
}

/** Whether a version of numbers and dots comes before another. */
export function isBefore(version: string, other: string): boolean {
  return version.localeCompare(other, 'en', { numeric: true }) < 0
}
