import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

import { version } from '../../src/cli/version.ts'
import { waitFor } from '../control-plane/wait-for.ts'
import { asDeployed, labsCorefile } from './as-deployed.ts'
import type { Container } from './container.ts'
import { runContainer, startContainer } from './container.ts'
import type { ImageCase } from './image-case.ts'
import { ask, page, waitForAnswer } from './probe.ts'
import type { ContainerSetup } from './spec.ts'

/** A name of the labs whose address never changes. */
const NAME = 'pod-a.headless1.default.svc.cluster.local'

export const RUN_CASES: readonly ImageCase[] = [
  {
    name: 'R11 as deployed it answers on port 53 as user 65532 with one capability on a read-only root',
    run: async ({ folder, image }) =>
      during(folder, await asDeployed(folder, image), async (container) => {
        const address = await ask(container, NAME)
        assert.match(address, /^[\d.]+$/)
        assert.equal(await ask(container, `${NAME} +tcp`), address)
        assert.equal(await ask(container, `-x ${address}`), `${NAME}.`)
        const status = await readFile(`/proc/${container.pid}/status`, 'utf8')
        assert.match(status, /^Uid:(?:\t65532){4}$/m)
        assert.match(status, /^NoNewPrivs:\t1$/m)
        for (const set of ['Prm', 'Eff', 'Bnd'])
          assert.match(status, new RegExp(`^Cap${set}:\\t0{13}400$`, 'm'))
        assert.match(await readFile(`/proc/${container.pid}/mounts`, 'utf8'), /^\S+ \/ \S+ ro,/m)
      }),
  },
  {
    name: 'the pages that the probes and Prometheus ask for are there',
    run: async ({ folder, image }) =>
      during(folder, await asDeployed(folder, image), async (container) => {
        assert.deepEqual(await page(container, '8080/health'), { status: 200, text: 'OK' })
        assert.deepEqual(await page(container, '8181/ready'), { status: 200, text: 'OK' })
        assert.match((await page(container, '9153/metrics')).text, /^coredns_build_info\{/m)
      }),
  },
  {
    name: 'R10 SIGTERM is answered by not ready, answers go on through lameduck, and the exit code is 0',
    run: async ({ folder, image }) => {
      const container = await startContainer(folder, await asDeployed(folder, image))
      await waitForAnswer(container, NAME)
      const stopped = container.stop()
      // Its port is closed first.
      await waitFor('not ready', async () => (await page(container, '8181/ready')).status === 0)
      assert.match(await ask(container, NAME), /^[\d.]+$/)
      const { exitCode, tookMs } = await stopped
      assert.equal(exitCode, 0, container.output())
      assert.ok(tookMs >= 5000 && tookMs < 15_000, `${tookMs} ms`)
    },
  },
  {
    name: 'an edited ConfigMap is taken over, by the Corefile and by the manifests',
    run: async ({ folder, image }) => {
      const corefile = labsCorefile().replace(/reload$/m, 'reload 2s 1s')
      const setup = await asDeployed(folder, image, corefile)
      await during(folder, setup, async (container) => {
        await setup.config.replace({ Corefile: corefile.replace('ttl 30', 'ttl 77') })
        const check = async (): Promise<boolean> => {
          const { stdout } = await container.within('dig', ['-r', '@127.0.0.1', '+noall', '+answer', NAME])
          return /\s77\s+IN\s+A\s/.test(stdout)
        }
        await waitFor('ttl 77', check, { limitMs: 15_000 })
      })
    },
  },
  {
    name: 'without a word on capabilities, and by the command of CoreDNS, it runs as well',
    run: async ({ folder, image }) => {
      const { mounts = {} } = await asDeployed(folder, image)
      const args = ['-conf', '/etc/coredns/Corefile', '-quiet']
      await during(folder, { image, mounts, command: ['/coredns'], args }, async (container) => {
        assert.match(await ask(container, NAME), /^[\d.]+$/)
      })
    },
  },
  {
    name: '-dns.port and -p are the port of server blocks that name none, and folders are served',
    run: async ({ folder, image }) => {
      const { mounts = {} } = await asDeployed(folder, image, labsCorefile().replace('.:53', '.'))
      const withCorefile = { image, mounts, args: ['-conf', '/etc/coredns/Corefile', '-dns.port=1053'] }
      await during(
        folder,
        withCorefile,
        async (container) => {
          assert.match(await ask(container, NAME, 1053), /^[\d.]+$/)
        },
        1053,
      )
      await during(folder, { image, mounts, args: ['-p', '53', '/manifests'] }, async (container) => {
        assert.match(await ask(container, NAME), /^[\d.]+$/)
      })
    },
  },
  {
    name: '-version and -plugins say what it is, exit code 0; a wrong flag is exit code 1',
    run: async ({ folder, image }) => {
      const shown = await runContainer(folder, { image, args: ['-version'] })
      assert.ok(shown.stdout.startsWith(`SliceDNS-${version()}\n`), shown.stdout)
      assert.equal(shown.code, 0)
      const plugins = await runContainer(folder, { image, args: ['-plugins'] })
      assert.match(plugins.stdout, /kubernetes/)
      assert.equal(plugins.code, 0)
      const wrong = await runContainer(folder, { image, args: ['-wrong'] })
      assert.match(wrong.stderr, /unknown flag/)
      assert.equal(wrong.code, 1)
    },
  },
  {
    name: 'with every capability dropped and none added it is not started, as the image of CoreDNS is not',
    run: async ({ folder, image }) => {
      const setup = { ...(await asDeployed(folder, image)), capabilities: [] }
      const { code, stderr } = await runContainer(folder, setup)
      assert.notEqual(code, 0)
      assert.match(stderr, /operation not permitted/i)
    },
  },
]

/** Starts a container, waits until it answers, and stops it at the end. */
async function during(
  folder: string,
  setup: ContainerSetup,
  work: (container: Container) => Promise<void>,
  port = 53,
): Promise<void> {
  const container = await startContainer(folder, setup)
  try {
    await waitForAnswer(container, NAME, port)
    await work(container)
  } finally {
    await container.stop()
  }
}
