import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../src/index.ts'
import { dnsClient } from './helpers/dns-client.ts'
import { DNS_TOOLS } from './helpers/dns-tools.ts'
import { askRaw } from './helpers/raw-query.ts'
import { LABS_FOLDER } from './helpers/running-labs.ts'
import type { ProcessOptions, RunningProcess } from './helpers/slicedns-process.ts'
import { startProcess, startSlicedns } from './helpers/slicedns-process.ts'
import { tempFolder } from './helpers/temp-folder.ts'

/** Somebody who has just come: a home with nothing in it. */
function newcomer(): ProcessOptions {
  return { env: { HOME: tempFolder(), npm_config_update_notifier: 'false' } }
}

async function isTaken(port: number): Promise<boolean> {
  const server = await startServer({ objects: [], port }).catch(() => undefined)
  await server?.close()
  return server === undefined
}

/** What the command prints, ended without complaint. */
async function outputOf(command: readonly string[], options: ProcessOptions): Promise<string> {
  const child = startProcess(command, options)
  expect(await child.ended, child.stderr()).toMatchObject({ exitCode: 0 })
  return child.stdout()
}

const portIsTaken = await isTaken(1053)
const missing = ['dig', 'nslookup'].filter((program) => !isHere(program))
const skipped = [
  ...(portIsTaken ? ['all: port 1053 is taken'] : []),
  ...missing.map((program) => `${program}: not installed`),
]
const note = skipped.length === 0 ? '' : ` (${skipped.length} skipped: ${skipped.join(', ')})`

describe('npm start', () => {
  test.skipIf(portIsTaken)(
    `serves the labs on 127.0.0.1:1053, and every command that it prints works${note}`,
    async () => {
      const options = newcomer()
      const started = startProcess(['npm', 'start'], options)
      await started.waitFor(/npm run -s slicedns -- query .*\n/, 20_000)
      const text = started.stdout()
      expect(text).toContain('Serving examples/labs on 127.0.0.1:1053, UDP and TCP.')
      expect(text).toMatch(/^clusterip1\.default\.svc\.cluster\.local +ClusterIP +10\.\d+\.\d+\.\d+$/m)
      expect(text).toMatch(
        /^\d+ things may not resolve as written: npm run -s slicedns -- check examples\/labs$/m,
      )

      const commands = [...text.matchAll(/^ {2}(\w+) (.*)$/gm)].filter(([, program]) => isHere(program ?? ''))
      expect(commands.length).toBeGreaterThan(0)
      const address = /clusterip1\S+ +ClusterIP +(\S+)/.exec(text)?.[1] ?? 'no address'
      const answers = await Promise.all(commands.map(([line = '']) => outputOf(['sh', '-c', line], options)))
      for (const [at, answer] of answers.entries())
        expect(answer).toContain(commands[at]?.[0].includes('_why') === true ? 'Service clusterip1' : address)
      started.signal('SIGINT')
      await started.ended
      expect(started.stderr()).toContain('stopping on SIGINT')
    },
    40_000,
  )
})

function isHere(program: string): boolean {
  if (program === 'npm') return true
  return DNS_TOOLS.some(({ name, isInstalled }) => name === program && isInstalled)
}

const FILE = '01-clusterip.yaml'
const NAME = 'clusterip1.default.svc.cluster.local'

/** Asks until the answer is that, and gives the milliseconds it took. */
async function until(port: number, answer: string): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    const seen = await dnsClient(port).outcome(NAME)
    const tookMs = performance.now() - startedAt
    if (seen[0] === `${NAME}. 5 IN A ${answer}`) return tookMs
    if (tookMs > 5_000) throw new Error(`still ${seen.join(', ')} and not ${answer}`)
  }
}

async function serve(): Promise<{ server: RunningProcess; port: number; path: string; text: string }> {
  const folder = tempFolder()
  cpSync(LABS_FOLDER, folder, { recursive: true })
  const server = startSlicedns(['-p', '0', folder], newcomer())
  const port = Number((await server.waitFor(/127\.0\.0\.1:(\d+), UDP/))[1])
  const path = join(folder, FILE)
  return { server, port, path, text: readFileSync(path, 'utf8') }
}

const withClusterIp = (text: string, address: string) =>
  text.replace(/(name: clusterip1[\s\S]*?spec:\n)/, `$1  clusterIP: ${address}\n`)

describe('a copy of the labs', () => {
  test('edit: the answer changes within a second; break: it stays and the log says where; mend: it changes', async () => {
    const { server, port, path, text } = await serve()
    const edited = withClusterIp(text, '10.96.7.7')
    expect(edited).not.toBe(text)
    writeFileSync(path, edited)
    expect(await until(port, '10.96.7.7')).toBeLessThan(1_000)

    writeFileSync(path, `${edited}\n  broken: [\n`)
    const [, line] = await server.waitFor(/01-clusterip\.yaml:(\d+):\d+: this is not YAML/)
    expect(Number(line)).toBeGreaterThan(1)
    expect(await dnsClient(port).outcome(NAME)).toEqual([`${NAME}. 5 IN A 10.96.7.7`])

    // As editors do: write beside it, rename over it.
    writeFileSync(`${path}~`, withClusterIp(text, '10.96.8.8'))
    renameSync(`${path}~`, path)
    expect(await until(port, '10.96.8.8')).toBeLessThan(1_000)

    server.signal('SIGINT')
    expect((await server.ended).exitCode).toBe(0)
  })

  test('an added file in a new folder shows within a second', async () => {
    const { server, port, path } = await serve()
    const added = join(path, '..', 'new', 'added.yaml')
    mkdirSync(join(added, '..'))
    writeFileSync(
      added,
      `apiVersion: v1\nkind: Service\nmetadata: { name: added }\nspec: { clusterIP: 10.96.9.9 }\n`,
    )
    const ask = () =>
      askRaw({ address: '127.0.0.1', port, transport: 'udp' }, 'added.default.svc.cluster.local A')
    const startedAt = performance.now()
    while (((await ask())[3] ?? 0) % 16 !== 0)
      if (performance.now() - startedAt > 5_000) throw new Error('not shown')
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    server.signal('SIGTERM')
    expect((await server.ended).exitCode).toBe(0)
  })
})

describe('mistakes: one line that says how to mend, exit 1', () => {
  test('a wrong flag', async () => {
    const child = startProcess(
      ['npm', 'run', '-s', 'slicedns', '--', '-dns.prt', '1', 'examples/labs'],
      newcomer(),
    )
    expect((await child.ended).exitCode).toBe(1)
    expect(child.stderr()).toBe('slicedns: unknown flag "-dns.prt": did you mean "-dns.port"?\n')
  })

  test('a port that is taken', async () => {
    const other = await startServer({ objects: [] })
    onTestFinished(() => other.close())
    const child = startSlicedns(['-p', String(other.port), LABS_FOLDER], newcomer())
    expect((await child.ended).exitCode).toBe(1)
    expect(child.stderr()).toMatch(
      /^slicedns: Cannot listen on 127\.0\.0\.1:\d+ \(TCP\): the port is in use; .*-dns\.port.*\n$/,
    )
  })
})
