import { isInstalled } from '../stubs/installed.ts'

/** What the build and the run of an image need, by the package of Debian that has it. */
const PACKAGES: Readonly<Record<string, string>> = {
  buildah: 'buildah',
  runc: 'runc',
  dig: 'bind9-dnsutils',
  nsenter: 'util-linux',
  setcap: 'libcap2-bin',
  strip: 'binutils',
}

/** What is missing here, in one line with the command that mends it; undefined where nothing is. */
export function missingForImage(): string | undefined {
  if (process.platform !== 'linux') return 'images are built and run on Linux only'
  if (process.getuid?.() !== 0) return 'building and running an image without a daemon needs root'
  const missing = Object.keys(PACKAGES).filter((program) => !isInstalled(program))
  if (missing.length === 0) return undefined
  const packages = missing.map((program) => PACKAGES[program]).join(' ')
  return `there is no ${missing.join(', no ')}. Install with: apt-get install --no-install-recommends ${packages}`
}
