/**
 * Builds the image without a registry and without a daemon, runs it as Kubernetes does, and applies deploy/ to a real API server.
 * `node test/image/run.ts --help` says what can be chosen.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { replaceSection } from '../../bench/report.ts'
import { findTool, howToInstall } from '../../bench/tools.ts'
import { ControlPlane } from '../control-plane/control-plane.ts'
import { ROOT } from '../helpers/source-tree.ts'
import { ImageBuilder } from './builder.ts'
import { CONTENT_CASES } from './content-cases.ts'
import { DEPLOY_CASES } from './deploy-apply.ts'
import type { ImageWorld } from './image-case.ts'
import { ACCOUNT_TOKENS, followApiServer } from './in-cluster.ts'
import { measureMemory } from './memory.ts'
import { missingForImage } from './missing.ts'
import { composeFigures, residentRatio } from './report.ts'
import { RUN_CASES } from './run-cases.ts'
import { sizeOfCoredns, sizeOfImage } from './size.ts'

const USAGE = `Usage: npm run image -- [options]
  --only PART    of image, figures, deploy: the cases of the image, its size and memory beside CoreDNS, deploy/ on an API server
  --write        write the figures into docs/deploy.md
`

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'image,figures,deploy' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const parts = new Set(options.only.split(','))
const tally = { passed: 0, failed: 0, skipped: 0 }

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

if (options.help) say(USAGE)
else {
  const folder = await mkdtemp(join(tmpdir(), 'slicedns-image-'))
  try {
    const world = parts.has('image') || parts.has('figures') ? await provideImage(folder) : undefined
    if (world !== undefined && parts.has('image'))
      for (const { name, run } of [...CONTENT_CASES, ...RUN_CASES]) await attempt(name, () => run(world))
    if (parts.has('deploy')) await runDeploy(world)
    if (world !== undefined && parts.has('figures')) await takeFigures(world)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  say(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`)
  process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1
}

/** Builds the images. Undefined where that failed, which is counted. */
async function provideImage(folder: string): Promise<ImageWorld | undefined> {
  const missing = missingForImage()
  if (missing !== undefined) {
    say(`failed  the image cannot be built: ${missing}`)
    tally.failed++
    return undefined
  }
  let world: ImageWorld | undefined
  await attempt('the image is built on a base made here', async () => {
    world = await buildImages(folder)
  })
  return world
}

async function buildImages(folder: string): Promise<ImageWorld> {
  const builder = new ImageBuilder(folder)
  await builder.makeBase()
  const image = await builder.build('slicedns', 'scratch')
  return { folder, image, onBase: await builder.build('slicedns-on-base', 'base') }
}

async function takeFigures({ folder, image }: ImageWorld): Promise<void> {
  if (findTool('coredns') === undefined) {
    say(`skipped: size and memory beside CoreDNS. ${howToInstall('coredns')}`)
    tally.skipped++
    return
  }
  await attempt('with 1,000 Services the image takes little more memory than CoreDNS', async () => {
    const memory = await measureMemory(folder, image)
    const sizes = { image: await sizeOfImage(folder, image), coredns: await sizeOfCoredns(folder) }
    const figures = composeFigures({ ...sizes, memory })
    say(`\n${figures}`)
    if (options.write) {
      const page = join(ROOT, 'docs/deploy.md')
      await writeFile(page, replaceSection(await readFile(page, 'utf8'), 'image', figures))
    }
    const { ratio, isMet } = residentRatio(memory)
    if (!isMet) throw new Error(`${ratio.toFixed(2)} of CoreDNS's resident memory`)
  })
}

/** With an image, that follows the API server at last. */
async function runDeploy(world: ImageWorld | undefined): Promise<void> {
  let plane: ControlPlane | undefined
  await attempt('an API server starts', async () => {
    plane = await ControlPlane.start({ say, tokens: ACCOUNT_TOKENS })
  })
  if (plane === undefined) return
  const started = plane
  try {
    for (const { name, run } of DEPLOY_CASES) await attempt(name, () => run(started))
    if (world === undefined) return
    const title = 'the image follows the API server with the Corefile, the account and the rights of deploy/'
    await attempt(title, () => followApiServer(world, started))
  } finally {
    await started.close()
  }
}

/** Runs a case, prints what became of it, and counts it. */
async function attempt(name: string, work: () => Promise<void>): Promise<void> {
  const from = performance.now()
  try {
    await work()
    tally.passed++
    say(`ok      ${name} (${((performance.now() - from) / 1000).toFixed(1)} s)`)
  } catch (error) {
    tally.failed++
    say(`failed  ${name}\n${error instanceof Error ? error.message : String(error)}`)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
