import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { PLUGINS } from '../../src/plugins/order.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { eventually } from '../helpers/eventually.ts'
import { askRaw } from '../helpers/raw-query.ts'
import { closedPort, startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import type { RunningProcess } from '../helpers/slicedns-process.ts'
import { startProcess, startSlicedns } from '../helpers/slicedns-process.ts'
import { ROOT } from '../helpers/source-tree.ts'
import { tempFolder } from '../helpers/temp-folder.ts'

const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { clusterIP: 10.96.0.7 }\n'
const WHOAMI = '.:0 {\n bind 127.0.0.1\n whoami\n}\n'
const NAME = 'web.shop.svc.cluster.local'

/** The port in the banner of either kind. */
async function portOf(server: RunningProcess): Promise<number> {
  return Number((await server.waitFor(/127\.0\.0\.1:(\d+)/))[1])
}

/** For a server that says nothing. Nobody there is known at once: the socket is connected. */
async function untilItAnswers(port: number): Promise<void> {
  const server = { address: '127.0.0.1', port, transport: 'udp' } as const
  for (let tries = 0; tries < 200; tries++) {
    const reply = await askRaw(server, `${NAME} A`).catch(() => undefined)
    if (reply !== undefined) return
    await sleep(50)
  }
  throw new Error('it does not answer')
}

const stopped = async (server: RunningProcess) => {
  server.signal('SIGTERM')
  return server.ended
}

describe('serve', () => {
  test('a folder: table, commands and answers, then a clean end on SIGTERM', async () => {
    const folder = tempFolder({ 'web.yaml': SERVICE })
    const server = startSlicedns(['-p', '0', folder])
    const port = await portOf(server)
    await server.waitFor(/slicedns query .*\n/)
    expect(await dnsClient(port).outcome(NAME)).toEqual([`${NAME}. 5 IN A 10.96.0.7`])
    expect(server.stdout().replaceAll(String(port), 'PORT').replaceAll(folder, 'FOLDER').split('\n')).toEqual(
      [
        'Serving FOLDER on 127.0.0.1:PORT, UDP and TCP. Edits show within a second.',
        '',
        'NAME                        TYPE       ANSWER',
        'web.shop.svc.cluster.local  ClusterIP  10.96.0.7',
        '',
        '1 thing may not resolve as written: slicedns check FOLDER',
        '',
        'Try:',
        '  dig @127.0.0.1 -p PORT web.shop.svc.cluster.local',
        '  nslookup -port=PORT web.shop.svc.cluster.local 127.0.0.1',
        '  nslookup -port=PORT -type=txt _why.web.shop.svc.cluster.local 127.0.0.1',
        '  slicedns query web.shop.svc.cluster.local @127.0.0.1:PORT',
        '',
      ],
    )
    expect(await stopped(server)).toEqual({ exitCode: 0, signal: null })
    for (const line of server.stderr().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg')
  })

  test('./Corefile where nothing is named; -quiet prints nothing; SIGINT ends it too', async () => {
    const folder = tempFolder({ Corefile: WHOAMI.replace('whoami', 'log\n whoami') })
    const loud = startSlicedns([], { cwd: folder })
    const port = await portOf(loud)
    expect((await dnsClient(port).ask('x')).additional).toHaveLength(2)
    expect(loud.stdout()).toMatch(
      /^\.:0 on udp 127\.0\.0\.1:\d+, tcp 127\.0\.0\.1:\d+\nSliceDNS-\d+\.\d+\.\d+\n/,
    )
    loud.signal('SIGINT')
    expect((await loud.ended).exitCode).toBe(0)
    const [logged = ''] = loud.stderr().split('\n')
    expect(JSON.parse(logged)).toEqual({
      level: 30,
      time: expect.any(Number),
      msg: expect.stringMatching(
        /^127\.0\.0\.1:\d+ - \d+ "A IN x\. udp 30 false 1232" NOERROR qr,aa,rd \d+ [\d.]+s$/,
      ),
    })

    const taken = await closedPort()
    const quiet = startSlicedns(['--quiet', `-dns.port=${taken}`, '-conf', 'C'], {
      cwd: tempFolder({ C: WHOAMI.replace(':0', '') }),
    })
    await untilItAnswers(taken)
    expect((await stopped(quiet)).exitCode).toBe(0)
    expect(quiet.stdout()).toBe('')
  })

  test('- serves manifests from standard input, -conf stdin a Corefile', async () => {
    const manifests = startSlicedns(['-p', '0', '-'], { stdin: SERVICE })
    expect(await dnsClient(await portOf(manifests)).outcome(NAME)).toEqual([`${NAME}. 5 IN A 10.96.0.7`])
    expect(manifests.stdout()).toContain('Serving standard input on 127.0.0.1:')
    expect(manifests.stdout()).not.toContain('Edits')
    expect((await stopped(manifests)).exitCode).toBe(0)
    const corefile = startSlicedns(['-conf', 'stdin'], { stdin: WHOAMI })
    expect((await dnsClient(await portOf(corefile)).ask('x')).additional).toHaveLength(2)
    expect((await stopped(corefile)).exitCode).toBe(0)
  })

  test('- with nothing right in it speaks of the input, not of a folder', async () => {
    const started = startSlicedns(['-p', '0', '-'], { stdin: 'kind: [' })
    await portOf(started)
    const text = started.stdout()
    expect(text).toContain('No Services: standard input held none.\n')
    expect(text).toMatch(/^1 thing may not resolve as written: pipe the same into .*slicedns.* check -$/m)
    expect((await stopped(started)).exitCode).toBe(0)
  })

  test('SIGTERM ends it while standard input is still open and nothing is read yet', async () => {
    const port = await closedPort()
    const server = startSlicedns(['-p', String(port), '-'], { keepStdinOpen: true, stdin: 'kind: Service\n' })
    await untilItAnswers(port)
    expect((await stopped(server)).exitCode).toBe(0)
    expect(server.stdout()).toBe('')
  })

  test('-pidfile holds the id while it runs and is gone afterwards', async () => {
    const folder = tempFolder({ 'web.yaml': SERVICE })
    const pidfile = join(folder, 'slicedns.pid')
    const server = startSlicedns(['-p', '0', '-pidfile', pidfile, folder])
    await portOf(server)
    expect(readFileSync(pidfile, 'utf8')).toBe(`${server.pid}\n`)
    await stopped(server)
    expect(existsSync(pidfile)).toBe(false)
  })

  test('a second signal ends it at once, though a query is still in flight', async () => {
    const silent = await startScriptedUpstream(() => [])
    onTestFinished(() => silent.close())
    const corefile = `.:0 {\n bind 127.0.0.1\n forward . 127.0.0.1:${silent.port}\n}\n`
    const server = startSlicedns(['-conf', 'stdin'], { stdin: corefile })
    const waiting = dnsClient(await portOf(server))
      .ask('x')
      .catch(() => {})
    await eventually(() => expect(silent.queries.length).toBeGreaterThan(0))
    server.signal('SIGTERM')
    await server.waitFor(/stopping on SIGTERM/)
    server.signal('SIGTERM')
    const startedAt = performance.now()
    expect((await server.ended).exitCode).toBe(1)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    void waiting
  })

  test.for(['stdout', 'stderr'] as const)('goes on when nobody reads its %s any more', async (name) => {
    const folder = tempFolder({ 'web.yaml': SERVICE })
    const port = await closedPort()
    const server = startSlicedns(['-p', String(port), folder])
    server.closeOutput(name)
    await untilItAnswers(port)
    appendFileSync(join(folder, 'web.yaml'), '---\nkind: [\n')
    await sleep(500)
    expect(await dnsClient(port).outcome(NAME)).toEqual([`${NAME}. 5 IN A 10.96.0.7`])
    expect((await stopped(server)).exitCode).toBe(0)
  })

  test('R20 what nobody caught is logged and serving goes on', async () => {
    const folder = tempFolder({
      'web.yaml': SERVICE,
      'fault.mjs':
        "process.on('SIGUSR2', () => { Promise.reject(new Error('two')); throw new Error('one') })",
    })
    const faulty = startProcess([
      process.execPath,
      '--import',
      join(folder, 'fault.mjs'),
      join(ROOT, 'src/main.ts'),
      '-p',
      '0',
      folder,
    ])
    const port = await portOf(faulty)
    faulty.signal('SIGUSR2')
    await faulty.waitFor(/uncaught exception.*serving goes on: Error: one/)
    await faulty.waitFor(/unhandled rejection.*serving goes on: Error: two/)
    expect(await dnsClient(port).outcome(NAME)).toEqual([`${NAME}. 5 IN A 10.96.0.7`])
    expect((await stopped(faulty)).exitCode).toBe(0)
  })

  test.skipIf(!existsSync('/usr/bin/script'))(
    'on a terminal the log is readable, and the table the same',
    async () => {
      const folder = tempFolder({ 'web.yaml': `${SERVICE}---\nkind: [\n` })
      const command = `${process.execPath} ${join(ROOT, 'src/main.ts')} -p 0 ${folder}`
      const terminal = startProcess(['script', '-qec', command, '/dev/null'], { keepStdinOpen: true })
      await terminal.waitFor(/slicedns query/)
      expect(terminal.stdout()).toContain('web.shop.svc.cluster.local  ClusterIP  10.96.0.7')
      // oxlint-disable-next-line no-control-regex -- colours of the terminal
      const plain = terminal.stdout().replaceAll(/\u001B\[[\d;]*[mK]/g, '')
      expect(plain).toMatch(/\d\d:\d\d:\d\d\] ERROR: \S+web\.yaml:\d+:\d+: /)
      expect(plain).not.toContain('"level"')
    },
  )
})

describe('serve that cannot start: one clear line, exit 1', () => {
  test('nothing to serve', async () => {
    const server = startSlicedns([], { cwd: tempFolder() })
    expect((await server.ended).exitCode).toBe(1)
    expect(server.stderr()).toBe(
      'slicedns: there is no Corefile in this folder: name one with -conf FILE, or serve a folder of manifests with `slicedns FOLDER`\n',
    )
  })

  test.for([
    [
      ['-conf', 'nope'],
      'slicedns: Cannot read the Corefile "nope": there is no such file or folder; name another with -conf, or serve a folder of manifests: slicedns FOLDER\n',
    ],
    [['chek', 'folder'], 'slicedns: "chek" is neither a command nor a folder here: did you mean "check"?\n'],
    [
      ['-p', '0', '-pidfile', 'nope/pid', 'folder'],
      'slicedns: Cannot write the process id to "nope/pid": there is no such file or folder; give -pidfile another path\n',
    ],
    [
      ['-conf', 'Bad'],
      'slicedns: Bad:2:3: unknown directive "whoam" in server block ".:0"\n    whoam\n    ^ did you mean "whoami"?\n',
    ],
  ] as const)('%j', async ([args, expected]) => {
    const folder = tempFolder({ 'folder/web.yaml': SERVICE, Bad: '.:0 {\n  whoam\n}\n' })
    const server = startSlicedns(args, { cwd: folder })
    expect((await server.ended).exitCode).toBe(1)
    const lines = server
      .stderr()
      .split('\n')
      .filter((line) => !line.startsWith('{'))
    expect(lines.join('\n')).toContain(expected)
    expect(server.stdout()).toBe('')
  })

  test('a port that is taken', async () => {
    const other = await startServer({ corefileText: WHOAMI })
    onTestFinished(() => other.close())
    const server = startSlicedns(['-p', String(other.port), tempFolder({ 'web.yaml': SERVICE })])
    expect((await server.ended).exitCode).toBe(1)
    expect(server.stderr()).toBe(
      `slicedns: Cannot listen on 127.0.0.1:${other.port} (TCP): the port is in use; "lsof -nP -i :${other.port}" shows by whom, -dns.port chooses another\n`,
    )
  })
})

describe('flags that print and end', () => {
  test.for([
    [['-plugins'], new RegExp(`^${PLUGINS.map(({ name }) => `dns\\.${name}\n`).join('')}$`)],
    [['-help'], /^slicedns: DNS for Kubernetes Services[\s\S]*-dns\.port PORT/],
  ] as const)('%j', async ([args, expected]) => {
    const process = startSlicedns(args)
    expect((await process.ended).exitCode).toBe(0)
    expect(process.stdout()).toMatch(expected)
    expect(process.stderr()).toBe('')
  })
})
