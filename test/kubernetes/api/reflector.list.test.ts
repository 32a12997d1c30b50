import { describe, expect, test } from 'vitest'

import { settled } from '../../helpers/virtual-clock.ts'
import { event, listEnd, page, service, startReflector, startWatching, status } from './reflector-harness.ts'

describe('a watch-list', () => {
  test('K15 is asked for first, and its end makes a complete list of its events', async () => {
    const { api, told, reflector } = startReflector({ labelSelector: 'a in (b,c)', fieldSelector: 'x!=y' })
    await settled()
    expect(api.current.path).toBe('/api/v1/services')
    expect(Object.fromEntries(api.current.query)).toEqual({
      watch: '1',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '360',
      labelSelector: 'a in (b,c)',
      fieldSelector: 'x!=y',
    })
    expect(api.current.accept).toBe('application/vnd.kubernetes.protobuf, application/json')
    api.current.respond().send(event('ADDED', service('shop/web', 7)), event('ADDED', service('shop/db', 3)))
    await settled()
    expect(told()).toEqual(['shop/web 7', 'shop/db 3'])
    expect(reflector.status).toMatchObject({ phase: 'listing', hasSynced: false, objects: 2 })
    api.current.send(listEnd('9'))
    await settled()
    expect(told()).toEqual(['synced'])
    expect(reflector.status).toMatchObject({ phase: 'watching', hasSynced: true, lists: 1, restarts: 0 })
    api.current.send(event('MODIFIED', service('shop/web', 10)))
    await settled()
    expect(told()).toEqual(['shop/web 10'])
    reflector.stop()
  })

  test('its events are no place to go on from, only its end is', async () => {
    const { api, clock, reflector } = startReflector()
    await settled()
    api.current
      .respond()
      .send(event('ADDED', service('shop/web', 7)))
      .fail('reset')
    await clock.advance(300)
    expect(Object.fromEntries(api.current.query)).toEqual({ limit: '500' })
    reflector.stop()
  })

  test.each([400, 403, 405, 422])(
    'K15 status %i falls back to pages at once, without a word',
    async (code) => {
      const { api, told, reflector, statusChanges } = startReflector()
      await settled()
      api.current
        .respond({ status: code })
        .send(status(code, 'Forbidden', 'sendInitialEvents is forbidden'))
        .end()
      await settled()
      expect(Object.fromEntries(api.current.query)).toEqual({ limit: '500', resourceVersion: '0' })
      api.current
        .respond()
        .send(page([service('shop/web', 7)], '9'))
        .end()
      await settled()
      expect(told()).toEqual(['shop/web 7', 'synced'])
      expect(statusChanges()).toBe(0)
      expect(api.current.query.get('watch')).toBe('1')
      expect(api.current.query.get('resourceVersion')).toBe('9')
      expect(api.current.query.has('sendInitialEvents')).toBe(false)
      reflector.stop()
    },
  )

  test('K15 a stream that ends before its bookmark falls back to pages, for an hour', async () => {
    const { api, clock, reflector } = startReflector()
    await settled()
    api.current
      .respond()
      .send(event('ADDED', service('shop/web', 7)))
      .end()
    await settled()
    // Something is known already: what the server has at hand may be older than that.
    expect(Object.fromEntries(api.current.query)).toEqual({ limit: '500' })
    const isWatchList: boolean[] = []
    for (let minute = 1; minute <= 61; minute += 1) {
      const before = api.requests.length
      api.close()
      await clock.advance(60_000)
      const asked = api.requests.slice(before).map(({ query }) => query.has('sendInitialEvents'))
      isWatchList.push(asked.includes(true))
    }
    expect(isWatchList.slice(0, 59)).not.toContain(true)
    expect(isWatchList).toContain(true)
    reflector.stop()
  })

  test('a permission that is missing for lists as well is not held against watch-lists', async () => {
    const { api, clock, reflector } = startReflector()
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await clock.advance(1000)
      expect(api.current.query.get('sendInitialEvents')).toBe('true')
      api.current
        .respond({ status: 403 })
        .send(status(403, 'Forbidden', 'services is forbidden'))
        .end()
      await settled()
      expect(api.current.query.has('sendInitialEvents')).toBe(false)
      api.current
        .respond({ status: 403 })
        .send(status(403, 'Forbidden', 'services is forbidden'))
        .end()
      await settled()
      expect(reflector.status.failure).toEqual({
        message: 'status 403: services is forbidden; allow this account to list and watch it (RBAC)',
        status: 403,
      })
    }
    reflector.stop()
  })
})

describe('a list in pages', () => {
  test('goes on with the token, and is complete with the last page', async () => {
    const { api, told, reflector } = await startPages()
    api.current
      .respond()
      .send(page([service('shop/a', 1)], '9', 'next page'))
      .end()
    await settled()
    expect(Object.fromEntries(api.current.query)).toEqual({ limit: '500', continue: 'next page' })
    expect(told()).toEqual(['shop/a 1'])
    api.current
      .respond()
      .send(page([service('shop/b', 2)], '12'))
      .end()
    await settled()
    expect(told()).toEqual(['shop/b 2', 'synced'])
    // The first page is as old as its resourceVersion, whatever the last says.
    expect(api.current.query.get('resourceVersion')).toBe('9')
    reflector.stop()
  })

  test('K11 410 between pages of 10 s begins anew in one page, and nothing is dropped meanwhile', async () => {
    const { api, clock, told, reflector } = await startWatchingPages()
    api.current
      .respond({ status: 410 })
      .send(status(410, 'Expired', 'too old'))
      .end()
    await clock.advance(300)
    await clock.advance(10_000)
    api.current
      .respond()
      .send(page([service('shop/a', 1)], '20', 'more'))
      .end()
    await clock.advance(10_000)
    api.current
      .respond({ status: 410 })
      .send(status(410, 'Expired', 'the continue token is too old'))
      .end()
    await clock.advance(1000)
    expect(told()).toEqual(['shop/a 1'])
    expect(Object.fromEntries(api.current.query)).toEqual({})
    api.current
      .respond()
      .send(page([service('shop/a', 1), service('shop/b', 2)], '21'))
      .end()
    await settled()
    expect(told()).toEqual(['shop/a 1', 'shop/b 2', '-shop/c', 'synced'])
    expect(reflector.status.failure).toBeUndefined()
    reflector.stop()
  })

  test('that is cut removes nothing, and neither do two halves', async () => {
    const { api, clock, told, reflector } = await startWatchingPages()
    api.current.respond({ status: 410 }).end()
    await clock.advance(300)
    api.current
      .respond()
      .send(page([service('shop/a', 1)], '20', 'more'))
      .end()
    await settled()
    api.current.fail('reset')
    await clock.advance(1000)
    api.current
      .respond()
      .send(JSON.stringify(page([service('shop/b', 2)], '20')).slice(0, 40))
      .fail('reset')
    await clock.advance(2000)
    expect(told()).toEqual(['shop/a 1'])
    reflector.stop()
  })

  test('a token that leads to itself is no list', async () => {
    const { api, clock, reflector } = await startPages()
    api.current
      .respond()
      .send(page([], '9', 'again'))
      .end()
    await settled()
    api.current
      .respond()
      .send(page([], '9', 'again'))
      .end()
    await clock.advance(200)
    expect(reflector.status).toMatchObject({ lists: 0, malformedStreams: 1 })
    expect(reflector.status.failure?.message).toContain('a page that goes on with itself')
    reflector.stop()
  })
})

describe('a second list', () => {
  test('K03 K04 K05 changes what is known in place: nothing is dropped first, what is gone is removed last', async () => {
    const { api, clock, told, reflector } = await startWatching(
      ['a', 'b', 'c'].map((n) => service(`shop/${n}`, 1)),
    )
    api.current.fail('reset')
    await clock.advance(300)
    // The API server is away for an hour: everything known is kept.
    for (let attempt = 0; attempt < 130; attempt += 1) {
      api.current.fail('connect ECONNREFUSED')
      await clock.advance(31_000)
    }
    expect(told()).toEqual([])
    expect(reflector.status).toMatchObject({ hasSynced: true, objects: 3 })
    expect(reflector.status.failure).toEqual({
      message: 'connect ECONNREFUSED',
      status: 0,
    })
    // It may be back with another history: everything is read again.
    expect(api.current.query.get('sendInitialEvents')).toBe('true')
    api.current.respond().send(event('ADDED', service('shop/d', 5)), event('ADDED', service('shop/a', 1)))
    await settled()
    expect(told()).toEqual(['shop/d 5', 'shop/a 1'])
    api.current.send(listEnd('8'))
    await settled()
    expect(told()).toEqual(['-shop/b', '-shop/c', 'synced'])
    expect(reflector.status).toMatchObject({ objects: 2, lists: 2, failure: undefined })
    reflector.stop()
  })

  test('K14 long lists are cut into slices, and so are removals', async () => {
    let looks = 0
    const pause = () => {
      looks += 1
      return looks % 10 === 0 ? settled() : undefined
    }
    const objects = Array.from({ length: 3200 }, (_, index) => service(`shop/s${index}`, 1))
    const { api, clock, reflector, told } = await startWatching(objects, { pause, guardsMassDelete: false })
    await clock.advance(0)
    await untilIdle()
    expect(looks).toBe(200)
    api.current.send({ type: 'ERROR', object: status(410, 'Expired', 'too old') })
    await clock.advance(300)
    api.current.respond().send(listEnd('20'))
    await untilIdle()
    expect(looks).toBe(400)
    expect(told().at(-1)).toBe('synced')
    expect(reflector.status.objects).toBe(0)
    reflector.stop()
  })
})

async function untilIdle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await settled()
}

/** In pages from now on, and the first is asked for. */
async function startPages() {
  const harness = startReflector()
  await settled()
  harness.api.current.respond({ status: 422 }).end()
  await settled()
  return harness
}

/** Knows shop/a, shop/b and shop/c from pages, and watches. */
async function startWatchingPages() {
  const harness = await startPages()
  const known = ['shop/a', 'shop/b', 'shop/c'].map((path) => service(path, 1))
  harness.api.current.respond().send(page(known, '9')).end()
  await settled()
  harness.told()
  return harness
}
