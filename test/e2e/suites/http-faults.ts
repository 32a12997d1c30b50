import { equal, ok } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { HttpProxy } from '../../control-plane/http-proxy.ts'
import type { HttpFault, HttpFaultRule, SeenRequest } from '../../control-plane/http-proxy.ts'
import { waitFor } from '../../control-plane/wait-for.ts'
import type { DnsServer } from '../dns-server.ts'
import type { E2eCase } from '../e2e-case.ts'
import { fillNamespace } from '../fill-namespace.ts'
import { allAnswered, Witness } from '../witness.ts'
import type { World } from '../world.ts'

const EXPIRED = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason: 'Expired',
  message: 'too old resource version',
  code: 410,
}
const PAGE = '<!doctype html><title>Sign in</title><p>The gateway wants you to sign in.'

/** Answers in place of the API server, each for a while: what is known is served on, nothing of theirs is believed. */
const ANSWERS: Readonly<Record<string, HttpFault>> = {
  'K35 an HTML page with status 200': {
    answer: { status: 200, headers: { 'content-type': 'text/html' }, body: PAGE },
  },
  'K35 an HTML page that calls itself JSON': {
    answer: { status: 200, headers: { 'content-type': 'application/json' }, body: PAGE },
  },
  'K35 a redirect': { answer: { status: 302, headers: { location: 'https://127.0.0.1:1/sign-in' } } },
  'K35 bodies in gzip that nobody asked for': { compresses: true },
  'K35 an empty body with status 200': {
    answer: { status: 200, headers: { 'content-type': 'application/json' } },
  },
  'K35 an empty list in gzip': {
    answer: {
      status: 200,
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync('{"kind":"List","metadata":{"resourceVersion":"1"},"items":[]}'),
    },
  },
  'K07 status 500': { answer: { status: 500, body: 'internal error' } },
  'K07 status 403': {
    answer: {
      status: 403,
      headers: { 'content-type': 'application/json' },
      body: '{"kind":"Status","code":403}',
    },
  },
  'K09 status 401': { answer: { status: 401, body: 'Unauthorized' } },
  'K16 bodies cut within an object': { cutsAfter: 700 },
  'K16 bodies with a page in the middle': {
    rewrite: spoil,
  },
}

export const HTTP_FAULTS: readonly E2eCase[] = [
  ...Object.entries(ANSWERS).map(([name, fault], index): E2eCase => ({
    name: `${name}: what is known is served, and afterwards all is known`,
    turn: 'waiting',
    run: async (world) => answerWrongly(world, `wrong-${index}`, fault),
  })),
  {
    name: 'K10 status 429 with Retry-After is waited for, and resources do not come back at one moment',
    turn: 'waiting',
    run: tooManyRequests,
  },
  {
    name: 'K05 410 as status and as event: a new list, without dropping what is known',
    turn: 'waiting',
    run: expire,
  },
  {
    name: 'K07 a watch that is closed every second: changes are known, and nothing is listed again',
    turn: 'waiting',
    run: closeWatches,
  },
  { name: 'K15 an API server without watch-list: lists in pages', turn: 'waiting', run: refuseWatchList },
  {
    name: 'K11 pages that take long, and 410 between two of them: the list begins anew',
    turn: 'waiting',
    run: expirePages,
  },
  {
    name: 'K12 an empty list while many Services are known is not believed at once',
    turn: 'waiting',
    run: pretendEmpty,
  },
  {
    name: 'K01 a start behind a proxy that says HTML: SERVFAIL, then all is known',
    turn: 'waiting',
    run: startBehindPage,
  },
]

async function behindProxy(
  world: World,
  name: string,
  rule?: HttpFaultRule,
): Promise<readonly [HttpProxy, DnsServer, Witness]> {
  const witness = await Witness.create(world, name)
  const proxy = await HttpProxy.start(world.plane)
  if (rule !== undefined) proxy.rule = rule
  world.defer(() => proxy.close())
  const dns = await world.startDns({ server: proxy.url })
  await witness.isKnownTo(dns)
  return [proxy, dns, witness]
}

async function answerWrongly(world: World, name: string, fault: HttpFault): Promise<void> {
  const [proxy, dns, witness] = await behindProxy(world, name)
  const load = witness.load([dns.port], 20)
  proxy.rule = () => fault
  proxy.breakConnections()
  await witness.change()
  await sleep(5000)
  const asked = proxy.seen.length
  proxy.rule = () => undefined
  proxy.breakConnections()
  await witness.isKnownTo(dns, 35_000)
  allAnswered(await load.stop())
  ok(asked < 200, `${asked} requests in 5 s: the API server would be hammered`)
}

async function tooManyRequests(world: World): Promise<void> {
  const [proxy, dns, witness] = await behindProxy(world, 'too-many')
  const load = witness.load([dns.port], 20)
  proxy.seen.length = 0
  proxy.rule = () => ({ answer: { status: 429, headers: { 'retry-after': '3' } } })
  proxy.breakConnections()
  await witness.change()
  await sleep(10_000)
  const asked = proxy.seen.length
  proxy.rule = () => undefined
  await witness.isKnownTo(dns, 60_000)
  allAnswered(await load.stop())
  const resources = new Set(proxy.seen.map(resourceOf)).size
  // At once, and then after 3 s and more each time.
  ok(
    asked <= resources * 5,
    `${asked} requests for ${resources} resources in 10 s in spite of Retry-After: 3`,
  )
}

async function expire(world: World): Promise<void> {
  const [proxy, dns, witness] = await behindProxy(world, 'expired')
  const load = witness.load([dns.port], 50)
  const headers = { 'content-type': 'application/json' }
  const asStatus = { answer: { status: 410, headers, body: JSON.stringify(EXPIRED) } }
  const asEvent = {
    answer: { status: 200, headers, body: `${JSON.stringify({ type: 'ERROR', object: EXPIRED })}\n` },
  }
  for (const fault of [asStatus, asEvent]) {
    const expired = new Set<string>()
    // A watch that goes on from where it was, once for each resource.
    proxy.rule = (seen) => {
      const goesOn = seen.isWatch && /resourceVersion=[1-9]/.test(seen.path)
      if (!goesOn || expired.has(resourceOf(seen))) return undefined
      expired.add(resourceOf(seen))
      return fault
    }
    proxy.breakConnections()
    await witness.change()
    await witness.isKnownTo(dns, 20_000)
    ok(expired.size > 0, 'no watch went on from where it was')
  }
  allAnswered(await load.stop())
}

async function closeWatches(world: World): Promise<void> {
  const [proxy, dns, witness] = await behindProxy(world, 'closing', endWatch)
  const load = witness.load([dns.port], 50)
  await sleep(2000)
  proxy.seen.length = 0
  for (let time = 0; time < 8; time++) {
    await witness.change()
    await witness.isKnownTo(dns, 8000)
    await sleep(500)
  }
  allAnswered(await load.stop())
  const lists = proxy.seen.filter((seen) => !seen.isWatch || seen.path.includes('sendInitialEvents=true'))
  equal(lists.length, 0, `listed again: ${lists.map(({ path }) => path).join(', ')}`)
}

function endWatch({ isWatch }: SeenRequest): HttpFault | undefined {
  return isWatch ? { endsAfterMs: 1000 } : undefined
}

async function refuseWatchList(world: World): Promise<void> {
  const [proxy, dns, witness] = await behindProxy(world, 'no-watch-list', withoutWatchList)
  await witness.change()
  await witness.isKnownTo(dns)
  ok(
    proxy.seen.some((seen) => !seen.isWatch && seen.path.includes('limit=')),
    'nothing was listed in pages',
  )
}

async function expirePages(world: World): Promise<void> {
  await fillNamespace(world, await world.namespace('pages'), 600)
  const [proxy, dns, witness] = await behindProxy(world, 'pages')
  const load = witness.load([dns.port], 50)
  const answer = {
    status: 410,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(EXPIRED),
  }
  const expired = new Set<string>()
  let pages = 0
  proxy.rule = (seen) => {
    if (seen.path.includes('sendInitialEvents')) return withoutWatchList(seen)
    const isFirst = !expired.has(resourceOf(seen))
    expired.add(resourceOf(seen))
    if (seen.isWatch) return isFirst ? { answer } : undefined
    if (!seen.path.includes('continue=')) return { delayMs: 1000 }
    pages++
    return { delayMs: 1000, answer }
  }
  proxy.breakConnections()
  await witness.change()
  await witness.isKnownTo(dns, 40_000)
  ok(pages > 0, 'no further page was asked for')
  allAnswered(await load.stop())
}

async function pretendEmpty(world: World): Promise<void> {
  await fillNamespace(world, await world.namespace('empty'), 150)
  const [proxy, dns, witness] = await behindProxy(world, 'empty')
  const load = witness.load([dns.port], 50)
  const kinds: Readonly<Record<string, string>> = {
    services: 'Service',
    endpointslices: 'EndpointSlice',
    namespaces: 'Namespace',
  }
  let pretended = 0
  // What an API server says whose etcd is empty, once for each resource.
  const lied = new Set<string>()
  proxy.rule = (seen) => {
    const resource = resourceOf(seen)
    if (seen.path.includes('sendInitialEvents')) return withoutWatchList(seen)
    if (seen.isWatch) return lied.has(resource) ? undefined : { answer: { status: 410 } }
    if (lied.has(resource)) return undefined
    lied.add(resource)
    pretended++
    const body = JSON.stringify({
      kind: `${kinds[resource]}List`,
      apiVersion: 'v1',
      metadata: { resourceVersion: '1' },
      items: [],
    })
    return { answer: { status: 200, headers: { 'content-type': 'application/json' }, body } }
  }
  proxy.breakConnections()
  await witness.change()
  await sleep(3000)
  await witness.isKnownTo(dns, 40_000)
  ok(pretended > 0, 'no list was asked for')
  allAnswered(await load.stop())
}

async function startBehindPage(world: World): Promise<void> {
  const witness = await Witness.create(world, 'page')
  const proxy = await HttpProxy.start(world.plane)
  world.defer(() => proxy.close())
  proxy.rule = () => ANSWERS['K35 an HTML page with status 200']
  const dns = await world.startDns({ server: proxy.url, waits: false })
  const own = witness.name('steady-0')
  equal((await waitFor('an answer', async () => dns.client.ask(own))).rcode, 'SERVFAIL')
  await waitFor('the API server was asked', () => proxy.seen.length > 0)
  await sleep(1000)
  equal((await dns.client.ask(own)).rcode, 'SERVFAIL')
  equal(await dns.readiness(), 503)
  proxy.rule = () => undefined
  await witness.isKnownTo(dns, 35_000)
}

/** As API servers before watch-list answer its parameters. */
function withoutWatchList({ path }: SeenRequest): HttpFault | undefined {
  if (!path.includes('sendInitialEvents')) return undefined
  const message = 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled'
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason: 'Invalid',
    message,
    code: 422,
  }
  return {
    answer: { status: 422, headers: { 'content-type': 'application/json' }, body: JSON.stringify(status) },
  }
}

/** Half of what comes, and a page in place of the rest. */
function spoil(chunk: Buffer): Buffer {
  return Buffer.concat([chunk.subarray(0, chunk.length / 2), Buffer.from(PAGE)])
}

/** Such as `services`. */
function resourceOf({ path }: SeenRequest): string {
  return /^[^?]*\/(\w+)(?:\?|$)/.exec(path)?.[1] ?? ''
}
