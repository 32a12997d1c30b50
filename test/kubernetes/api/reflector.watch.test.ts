import { describe, expect, test } from 'vitest'

import { settled, VirtualClock } from '../../helpers/virtual-clock.ts'
import {
  bookmark,
  errorEvent,
  event,
  listEnd,
  service,
  startReflector,
  startWatching,
} from './reflector-harness.ts'

/** Ends the open watch and gives the resourceVersion that the next goes on from; null where it is a list. */
async function nextPosition({
  api,
  clock,
}: Awaited<ReturnType<typeof startWatching>>): Promise<string | null> {
  api.current.end()
  await clock.advance(1000)
  return api.current.query.get('resourceVersion')
}

describe('a watch', () => {
  test('goes on from the last event or bookmark, at once where it was closed as agreed', async () => {
    const harness = await startWatching([service('shop/web', 1)])
    const { api, clock, told, reflector } = harness
    api.current.send(event('MODIFIED', service('shop/web', 11)), bookmark('14'))
    await clock.advance(60_000)
    api.current.end()
    await settled()
    expect(Object.fromEntries(api.current.query)).toEqual({
      watch: '1',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '360',
      resourceVersion: '14',
    })
    api.current.respond().send(event('DELETED', service('shop/web', 15)))
    await clock.advance(2000)
    expect(await nextPosition(harness)).toBe('15')
    expect(told()).toEqual(['shop/web 11', '-shop/web'])
    expect(reflector.status).toMatchObject({ restarts: 1, lists: 1, objects: 0, failure: undefined })
    reflector.stop()
  })

  test('that is stopped tells nothing of what had come already', async () => {
    const { api, told, reflector } = await startWatching([service('shop/web', 1)])
    api.current.send(event('ADDED', service('shop/db', 11)))
    reflector.stop()
    await settled()
    expect(told()).toEqual([])
    expect(reflector.status.phase).toBe('stopped')
  })

  test('K17 takes every event for what it is, whatever is known', async () => {
    const { api, told, reflector } = await startWatching([service('shop/web', 1)])
    api.current.send(
      event('DELETED', service('shop/ghost', 11)),
      event('ADDED', service('shop/web', 12)),
      event('MODIFIED', service('shop/new', 13)),
      event('DELETED', service('shop/web', 14)),
      event('ADDED', service('shop/web', 15)),
    )
    await settled()
    expect(told()).toEqual(['-shop/ghost', 'shop/web 12', 'shop/new 13', '-shop/web', 'shop/web 15'])
    expect(reflector.status.objects).toBe(2)
    reflector.stop()
  })

  test('K34 a burst of events is cut into slices', async () => {
    let looks = 0
    const pause = () => {
      looks += 1
      return settled()
    }
    const { api, clock, reflector } = await startWatching([], { pause })
    const events = Array.from({ length: 1600 }, (_, index) => event('ADDED', service(`shop/s${index}`, 11)))
    api.current.send(events.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await settled()
    expect(reflector.status.objects).toBeLessThan(50)
    for (let turn = 0; turn < 150; turn += 1) await settled()
    expect([reflector.status.objects, looks]).toEqual([1600, 100])
    await clock.advance(0)
    reflector.stop()
  })

  test('that is closed every second is opened once a second', async () => {
    const { api, clock, reflector } = await startWatching([])
    api.current.end()
    await settled()
    for (let round = 0; round < 5; round += 1) {
      api.current.respond().end()
      await clock.advance(999)
      expect(api.open).toHaveLength(0)
      await clock.advance(1)
      expect(api.open).toHaveLength(1)
    }
    reflector.stop()
  })

  test('K06 90 s of silence end it, and all is read again: the server may be behind our resourceVersion', async () => {
    const { api, clock, told, reflector } = await startWatching([service('shop/web', 1)])
    api.current.send(bookmark('11'))
    await clock.advance(60_000)
    api.current.send(bookmark('12'))
    await clock.advance(89_999)
    expect(reflector.status.failure).toBeUndefined()
    await clock.advance(1000)
    expect(reflector.status.failure).toEqual({
      message: 'no octet for 90 s',
      status: 0,
    })
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    api.current.respond().send(event('ADDED', service('shop/web', 1)), listEnd('3'))
    await settled()
    expect(told()).toEqual(['shop/web 1', 'synced'])
    expect(reflector.status.failure).toBeUndefined()
    reflector.stop()
  })

  test('K06 a connection that breaks after 30 s of silence is not trusted to have been the same server', async () => {
    const { api, clock, reflector } = await startWatching([])
    await clock.advance(29_000)
    api.current.fail('read ECONNRESET')
    await clock.advance(200)
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    expect(reflector.status.failure?.message).toBe('read ECONNRESET')
    reflector.stop()
  })

  test('K06 silence is noticed too where the wall clock was set back by an hour', async () => {
    const time = new VirtualClock()
    let backMs = 0
    const { api, reflector } = await startWatching([], {
      clock: {
        nowMs: () => time.nowMs() - backMs,
        after: (delayMs, callback) => time.after(delayMs, callback),
      },
    })
    backMs = 3_600_000
    await time.advance(181_000)
    expect(reflector.status.failure?.message).toBe('no octet for 90 s')
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    reflector.stop()
  })

  test('K06 a request without an answer ends too', async () => {
    const { api, clock, reflector } = startReflector()
    await clock.advance(30_500)
    expect(api.requests).toHaveLength(2)
    expect(api.requests[0]?.isOpen).toBe(false)
    reflector.stop()
  })
})

describe('410', () => {
  test('K05 as an ERROR event: reads the list, drops nothing, and is no failure', async () => {
    const { api, clock, told, reflector, statusChanges } = await startWatching([service('shop/web', 1)])
    api.current.send(errorEvent(410, 'Expired', 'too old resource version: 10 (12)'))
    await clock.advance(200)
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    expect(told()).toEqual([])
    expect(statusChanges()).toBe(0)
    expect(reflector.status.objects).toBe(1)
    reflector.stop()
  })

  test('K05 as HTTP status: the same', async () => {
    const { api, clock, told, reflector, statusChanges } = await startWatching([service('shop/web', 1)])
    api.current.end()
    await settled()
    api.current.respond({ status: 410 }).send('Gone').end()
    await clock.advance(200)
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    expect([told(), statusChanges()]).toEqual([[], 0])
    reflector.stop()
  })
})

describe('another history', () => {
  test.each([
    ['an ERROR event', 504, 'Timeout: Too large resource version: 900, current: 12'],
    ['an ERROR event of another code', 500, 'Too large resource version'],
  ])('K13 %s of a resourceVersion that is too large reads what is so now', async (_, code, message) => {
    const harness = await startWatching([service('shop/web', 1)], { resourceVersion: '900' })
    const { api, clock, told, reflector } = harness
    api.current.send(errorEvent(code, 'Timeout', message))
    await clock.advance(200)
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    expect(api.current.query.has('resourceVersion')).toBe(false)
    api.current.respond().send(event('ADDED', service('shop/old', 2)), listEnd('12'))
    await clock.advance(2000)
    expect(told()).toEqual(['shop/old 2', '-shop/web', 'synced'])
    expect(await nextPosition(harness)).toBe('12')
    reflector.stop()
  })

  test('K13 after a connection that broke, a watch goes on from where it was within 1 s only', async () => {
    const { api, clock, reflector } = await startWatching([service('shop/web', 1)], {
      resourceVersion: '900',
    })
    api.current.fail('reset')
    await clock.advance(200)
    expect(api.current.query.get('resourceVersion')).toBe('900')
    api.current.respond()
    await clock.advance(5000)
    api.current.fail('reset')
    await clock.advance(400)
    api.current.respond({ status: 429, retryAfterSeconds: 2 }).end()
    await clock.advance(5000)
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    api.current.respond().send(listEnd('12'))
    await clock.advance(2000)
    api.current.end()
    await clock.advance(2000)
    expect(api.current.query.get('resourceVersion')).toBe('12')
    reflector.stop()
  })

  test('K13 another API server, which a kubeconfig names by now, is listed anew', async () => {
    const { api, clock, told, reflector } = await startWatching([service('shop/web', 1)], {
      server: 'https://a',
    })
    await clock.advance(60_000)
    api.current.end()
    await settled()
    expect(api.current.query.get('resourceVersion')).toBe('10')
    api.current.respond({ server: 'https://b' })
    await settled()
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    api.current.respond({ server: 'https://b' }).send(event('ADDED', service('shop/db', 5)), listEnd('7'))
    await settled()
    expect(told()).toEqual(['shop/db 5', '-shop/web', 'synced'])
    expect(reflector.status.failure).toBeUndefined()
    await clock.advance(60_000)
    api.current.end()
    await settled()
    api.current.respond({ server: 'https://b' })
    await settled()
    expect(api.current.query.get('resourceVersion')).toBe('7')
    reflector.stop()
  })

  test('K13 a resourceVersion that is lower than one before is one like any other', async () => {
    const harness = await startWatching([service('shop/web', 1)], { resourceVersion: '900' })
    harness.api.current.send(bookmark('7'))
    await settled()
    expect(await nextPosition(harness)).toBe('7')
    harness.reflector.stop()
  })
})

describe('octets that are not what was asked for', () => {
  test('K16 a broken line ends the watch, which goes on from the event before it', async () => {
    const harness = await startWatching([service('shop/web', 1)])
    const { api, clock, told, reflector } = harness
    api.current.send(event('MODIFIED', service('shop/web', 11)), '{"type":"MODIFIED","object":{"kin\n')
    await clock.advance(200)
    expect(reflector.status.malformedStreams).toBe(1)
    expect(reflector.status.failure).toMatchObject({ status: 200 })
    expect(api.current.query.get('resourceVersion')).toBe('11')
    api.current.respond().send(event('MODIFIED', service('shop/web', 12)))
    await settled()
    expect(told()).toEqual(['shop/web 11', 'shop/web 12'])
    expect(reflector.status.failure).toBeUndefined()
    reflector.stop()
  })

  test('K16 the second time at one place the list is read', async () => {
    const { api, clock, reflector } = await startWatching([])
    api.current.send('no event\n')
    await clock.advance(200)
    expect(api.current.query.get('resourceVersion')).toBe('10')
    api.current.respond().send('no event\n')
    await clock.advance(400)
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    expect(reflector.status.malformedStreams).toBe(2)
    reflector.stop()
  })

  test('K16 a line in pieces of one octet, cut inside a character, is one event', async () => {
    const { api, told, reflector } = await startWatching([])
    const object = { ...service('shop/web', 11), note: '가나다 😀' }
    const octets = new TextEncoder().encode(`${JSON.stringify(event('ADDED', object))}\n`)
    api.current.send(...[...octets].map((octet) => Uint8Array.of(octet)))
    await settled()
    expect(told()).toEqual(['shop/web 11'])
    reflector.stop()
  })

  test('K16 K36 an object of 1.5 MB is one like any other', async () => {
    const { api, told, reflector } = await startWatching([])
    const object = { ...service('shop/web', 11), status: { note: 'x'.repeat(1_500_000) } }
    const line = `${JSON.stringify(event('ADDED', object))}\n`
    for (let at = 0; at < line.length; at += 65_536) api.current.send(line.slice(at, at + 65_536))
    for (let turn = 0; turn < 3; turn += 1) await settled()
    expect(told()).toEqual(['shop/web 11'])
    reflector.stop()
  })

  test('K08 an ERROR event that says nothing known goes on from where it was, then reads the list', async () => {
    const { api, clock, reflector } = await startWatching([])
    api.current.send(errorEvent(500, 'InternalError', 'etcdserver: leader changed'))
    await clock.advance(200)
    expect(api.current.query.get('resourceVersion')).toBe('10')
    expect(reflector.status.failure).toEqual({
      message: 'ERROR event 500: etcdserver: leader changed',
      status: 500,
    })
    api.current.respond().send(errorEvent(500, 'InternalError', 'etcdserver: leader changed'))
    await clock.advance(400)
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    reflector.stop()
  })

  test('K08 a broken object stays as it was known, and is named until it is good or gone', async () => {
    const { api, clock, told, reflector, statusChanges } = await startWatching([service('shop/web', 1)])
    const broken = { ...service('shop/web', 11), spec: 5 }
    api.current.send(event('MODIFIED', broken))
    await settled()
    expect(told()).toEqual([])
    expect([...reflector.status.quarantined.keys()]).toEqual(['shop/web'])
    expect(statusChanges()).toBe(1)
    // It counts as seen in a list.
    api.current.send(errorEvent(410, 'Expired', ''))
    await clock.advance(200)
    api.current.respond().send(event('ADDED', broken), listEnd('20'))
    await settled()
    expect(told()).toEqual(['synced'])
    api.current.send(event('MODIFIED', service('shop/web', 21)))
    await settled()
    expect(told()).toEqual(['shop/web 21'])
    expect(reflector.status.quarantined.size).toBe(0)
    expect(statusChanges()).toBe(2)
    reflector.stop()
  })
})
