import { expect, test, vi } from 'vitest'
import { freePort, startServer, withServers } from '../../bench/servers.ts'

const SLEEP = [process.execPath, '-e', 'setInterval(() => {}, 1000)']

test('withServers stops what was started when the work throws', async () => {
  const started = await startSleeper()
  const work = withServers([() => Promise.resolve(started)], () => Promise.reject(new Error('broken work')))
  await expect(work).rejects.toThrow('broken work')
  expect(started.ended.aborted).toBe(true)
})

test('withServers stops what was started when a later one fails to start', async () => {
  const started = await startSleeper()
  const starters = [() => Promise.resolve(started), () => Promise.reject(new Error('no such program'))]
  await expect(withServers(starters, () => Promise.resolve())).rejects.toThrow('no such program')
  expect(started.ended.aborted).toBe(true)
})

test('startServer tells the end of a server that nobody stopped, with what it said last', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const command = [process.execPath, '-e', 'process.stderr.write("no port left"); process.exitCode = 7']
  const { ended } = startServer({ name: 'it', port: await freePort(), command, core: undefined })
  await vi.waitUntil(() => ended.aborted, { timeout: 10_000 })
  expect(write).toHaveBeenCalledWith('it ended by itself, exit code 7:\nno port left\n')
  write.mockRestore()
})

async function startSleeper() {
  return startServer({ name: 'sleeper', port: await freePort(), command: SLEEP, core: undefined })
}
