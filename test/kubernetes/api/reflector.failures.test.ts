import { describe, expect, test } from 'vitest'

import { NAMESPACES } from '../../../src/kubernetes/api/api-resource.ts'
import type { Head } from '../../helpers/scripted-api.ts'
import { settled } from '../../helpers/virtual-clock.ts'
import { event, listEnd, service, startReflector, startWatching, status } from './reflector-harness.ts'

const HTML = '<!DOCTYPE html>\n<html><head><title>Sign in</title>'

describe('what is no answer', () => {
  const answers: readonly (readonly [string, Head, string | Uint8Array | object, string])[] = [
    [
      'K35 a page of HTML',
      { contentType: 'text/html' },
      HTML,
      'status 200, text/html: <!DOCTYPE html> <html><head>',
    ],
    [
      'K35 a compressed answer',
      { contentEncoding: 'gzip' },
      Uint8Array.of(31, 139, 8),
      'status 200 with content encoding gzip, which was not asked for',
    ],
    ['K35 a redirect', { status: 302, contentType: 'text/plain' }, 'Found', 'status 302, text/plain: Found'],
    [
      'K07 status 500',
      { status: 500 },
      status(500, '', 'etcdserver: no leader'),
      'status 500: etcdserver: no leader',
    ],
    ['K07 status 403', { status: 403 }, status(403, 'Forbidden', 'no access'), 'status 403: no access'],
    [
      'K32 status 404',
      { status: 404, contentType: '' },
      '',
      'status 404, no content type: empty; look whether',
    ],
    [
      'K09 status 401',
      { status: 401 },
      status(401, 'Unauthorized', 'Unauthorized'),
      'status 401: Unauthorized; it does not know who asks',
    ],
    [
      'http in place of https',
      { status: 400, contentType: '', server: 'http://192.0.2.1:6443' },
      'Client sent an HTTP request to an HTTPS server.\n',
      'http://192.0.2.1:6443 answers with status 400, no content type: Client sent an HTTP request to an HTTPS server; its URL must begin with https://',
    ],
    ['status 206', { status: 206 }, '{}', 'status 206, application/json: {}'],
  ]

  test.each(answers)(
    '%s is a failure that says what came, and is tried again',
    async (_, head, body, message) => {
      const { api, clock, told, reflector } = await startWatching([service('shop/web', 1)])
      api.current.end()
      await settled()
      api.current.respond(head).send(body).end()
      await settled()
      expect(reflector.status.phase).toBe('waiting')
      expect(reflector.status.failure?.message).toContain(message)
      expect(reflector.status.failure?.message).not.toContain('\n')
      expect(reflector.status.failure?.status).toBe(head.status ?? 200)
      await clock.advance(300)
      expect(api.open).toHaveLength(1)
      expect(told()).toEqual([])
      expect(reflector.status.objects).toBe(1)
      reflector.stop()
    },
  )

  test('of a body without an end the beginning is read', async () => {
    const { api, clock, reflector } = startReflector()
    await settled()
    api.current.respond({ status: 502, contentType: 'text/plain' })
    for (let piece = 0; piece < 20; piece += 1) api.current.send('x'.repeat(1000))
    await clock.advance(0)
    expect(reflector.status.failure?.message).toBe(`status 502, text/plain: ${'x'.repeat(80)}…`)
    expect(api.open).toHaveLength(0)
    reflector.stop()
  })

  test('of a body that does not come the status is enough', async () => {
    const { api, clock, reflector } = startReflector()
    await settled()
    api.current.respond({ status: 502, contentType: 'text/html' })
    await clock.advance(5000)
    expect(reflector.status.failure).toEqual({
      message: 'status 502, text/html: empty',
      status: 502,
    })
    reflector.stop()
  })

  test('406 asks for JSON from then on', async () => {
    const { api, reflector, statusChanges } = startReflector()
    await settled()
    api.current.respond({ status: 406 }).end()
    await settled()
    expect(api.current.accept).toBe('application/json')
    expect(statusChanges()).toBe(0)
    reflector.stop()
  })
})

describe('the time between attempts', () => {
  test.each([
    ['30 s where the server fails', 500, [12_800, 25_600, 30_000]],
    ['10 s where no server answers', 0, [10_000, 10_000, 10_000]],
  ])('K07 doubles from 0.2 s to %s, less a half at random', async (_, code, last) => {
    const longest = [200, 400, 800, 1600, 3200, 6400, ...last]
    expect((await delays(() => 0.999_999, code)).slice(0, 9)).toEqual(longest)
    expect((await delays(() => 0, code)).slice(0, 9)).toEqual(longest.map((ms) => ms / 2))
  })

  test('begins anew after a watch that lived 30 s', async () => {
    const { api, clock, reflector } = await startWatching([])
    api.current.end()
    for (let failure = 0; failure < 6; failure += 1) {
      await clock.advance(30_000)
      api.current.respond({ status: 429 }).end()
    }
    await clock.advance(30_000)
    api.current.respond()
    await clock.advance(31_000)
    api.current.fail('reset')
    await clock.advance(200)
    expect(api.open).toHaveLength(1)
    reflector.stop()
  })

  test('K10 429 with Retry-After: 300 replicas come back over as long again, none before', async () => {
    const waits: number[] = []
    for (let replica = 0; replica < 300; replica += 1) {
      const { api, clock, reflector } = startReflector({ random: () => replica / 300 })
      await settled()
      api.current.respond({ status: 429, retryAfterSeconds: 5 }).end()
      await settled()
      waits.push((clock.nextMs ?? 0) - clock.nowMs())
      reflector.stop()
    }
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(5000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000)
    const busiest = Math.max(
      ...waits.map((from) => waits.filter((ms) => ms >= from && ms < from + 100).length),
    )
    expect(busiest).toBeLessThanOrEqual(8)
  })

  test('K10 a Status that says when counts as well; a day is not waited for', async () => {
    const { api, clock, reflector } = startReflector()
    await settled()
    const details = { retryAfterSeconds: 7 }
    api.current
      .respond({ status: 503 })
      .send(status(503, 'ServiceUnavailable', 'wait', details))
      .end()
    await settled()
    expect((clock.nextMs ?? 0) - clock.nowMs()).toBe(10_500)
    await clock.advance(10_500)
    api.current.respond({ status: 429, retryAfterSeconds: 86_400 }).end()
    await settled()
    expect((clock.nextMs ?? 0) - clock.nowMs()).toBe(90_000)
    reflector.stop()
  })
})

describe('K12 a list that would remove more than half of more than 100', () => {
  const objects = Array.from({ length: 201 }, (_, index) => service(`shop/s${index}`, 1))

  test('is held until a second confirms it; single events apply', async () => {
    const { api, clock, told, reflector, statusChanges } = await startWatching(objects)
    api.current.fail('reset')
    await clock.advance(200)
    api.current.respond({ status: 410 }).end()
    await clock.advance(400)
    api.current.respond().send(event('ADDED', service('shop/new', 12)), listEnd('20'))
    await settled()
    const changesBefore = statusChanges()
    expect(told()).toEqual(['shop/new 12'])
    expect(reflector.status).toMatchObject({ held: { removed: 201, known: 202 }, objects: 202, lists: 2 })
    api.current.send(event('DELETED', service('shop/s7', 21)))
    await clock.advance(3900)
    expect(told()).toEqual(['-shop/s7'])
    await clock.advance(2200)
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    api.current.respond().send(event('ADDED', service('shop/new', 12)), listEnd('20'))
    await settled()
    expect(told()).toHaveLength(1 + 200 + 1)
    expect(reflector.status).toMatchObject({ held: undefined, objects: 1, lists: 3 })
    expect(statusChanges()).toBe(changesBefore + 1)
    await clock.advance(60_000)
    expect(api.requests).toHaveLength(4)
    reflector.stop()
  })

  test('is forgotten where the second holds them again', async () => {
    const { api, clock, told, reflector } = await startWatching(objects)
    api.current.send({ type: 'ERROR', object: status(410, 'Expired', '') })
    await clock.advance(200)
    api.current.respond().send(listEnd('20'))
    await clock.advance(10_000)
    api.current.respond().send(...objects.slice(1).map((object) => event('ADDED', object)), listEnd('20'))
    await settled()
    expect(told().slice(-2)).toEqual(['-shop/s0', 'synced'])
    expect(reflector.status).toMatchObject({ held: undefined, objects: 200 })
    reflector.stop()
  })

  test('K12 is held of any number of Namespaces where the list has none: no cluster is without', async () => {
    const spaces = ['default', 'kube-system', 'shop'].map((name) => namespace({ name, resourceVersion: '1' }))
    const { api, clock, told, reflector } = startReflector({ resource: NAMESPACES })
    const listed = async (held: readonly object[]): Promise<void> => {
      const events = held.map((object) => event('ADDED', object))
      api.current.respond().send(...events, { type: 'BOOKMARK', object: namespace(LIST_END) })
      await clock.advance(2000)
    }
    await settled()
    await listed(spaces)
    api.current.send({ type: 'ERROR', object: status(410, 'Expired', '') })
    await clock.advance(200)
    told()
    await listed([])
    expect(told()).toEqual([])
    expect(reflector.status).toMatchObject({ held: { removed: 3, known: 3 }, objects: 3 })
    await clock.advance(10_000)
    await listed(spaces.slice(1))
    expect(told()).toEqual(['/kube-system 1', '/shop 1', '-/default', 'synced'])
    reflector.stop()
  })

  test.each([
    ['at once without the guard', 201, false],
    ['at once of 100', 100, true],
  ])('removes %s', async (_, count, guardsMassDelete) => {
    const { api, clock, told, reflector } = await startWatching(objects.slice(0, count), { guardsMassDelete })
    api.current.send({ type: 'ERROR', object: status(410, 'Expired', '') })
    await clock.advance(200)
    api.current.respond().send(listEnd('20'))
    await settled()
    expect(told()).toHaveLength(count + 1)
    expect(reflector.status).toMatchObject({ held: undefined, objects: 0 })
    reflector.stop()
  })
})

describe('stop', () => {
  test.each([
    'while it asks',
    'while a list arrives',
    'while it watches',
    'while it waits',
    'while a list is held',
  ])('leaves no timer and no request behind %s', async (moment) => {
    const objects = Array.from({ length: 101 }, (_, index) => service(`shop/s${index}`, 1))
    const { api, clock, told, reflector } = await startWatching(objects)
    if (moment !== 'while it watches') {
      api.current.send({ type: 'ERROR', object: status(410, 'Expired', '') })
      await settled()
    }
    if (moment !== 'while it watches' && moment !== 'while it waits') await clock.advance(200)
    if (moment === 'while a list arrives') api.current.respond().send(event('ADDED', service('shop/s1', 2)))
    if (moment === 'while a list is held') api.current.respond().send(listEnd('20'))
    await settled()
    told()
    reflector.stop()
    await settled()
    expect(clock.pending).toBe(0)
    expect(api.open).toHaveLength(0)
    await clock.advance(600_000)
    expect([api.open.length, clock.pending, told()]).toEqual([0, 0, []])
    expect(reflector.status.phase).toBe('stopped')
  })

  test('ends a list in the middle of a piece', async () => {
    const pauses: (() => void)[] = []
    const pause = () => new Promise<void>((resolve) => pauses.push(resolve))
    const { api, told, reflector } = startReflector({ pause })
    await settled()
    const objects = Array.from({ length: 40 }, (_, index) => event('ADDED', service(`shop/s${index}`, 1)))
    api.current.respond().send(
      ...objects
        .map((line) => `${JSON.stringify(line)}\n`)
        .join('')
        .split('§'),
    )
    await settled()
    expect(told()).toHaveLength(15)
    reflector.stop()
    for (const resolve of pauses) resolve()
    await settled()
    expect(told()).toEqual([])
  })
})

/** Milliseconds between the attempts of two minutes, of a server that answers nothing. */
async function delays(random: () => number, code: number): Promise<readonly number[]> {
  const { api, clock, reflector } = startReflector({ random })
  const startMs = clock.nowMs()
  const attempts: number[] = []
  await settled()
  while (clock.nowMs() - startMs < 120_000) {
    attempts.push(clock.nowMs())
    if (code === 0) api.current.fail('connect ECONNREFUSED')
    else api.current.respond({ status: code }).end()
    await settled()
    await clock.advance((clock.nextMs ?? 0) - clock.nowMs())
  }
  reflector.stop()
  return attempts.slice(1).map((ms, index) => Math.round(ms - (attempts[index] ?? 0)))
}

const LIST_END = { resourceVersion: '20', annotations: { 'k8s.io/initial-events-end': 'true' } }

function namespace(metadata: object): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata }
}
