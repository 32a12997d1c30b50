import { expect, test } from 'vitest'
import { ApiReporter } from '../../../src/kubernetes/api/api-reporter.ts'
import { ENDPOINT_SLICES, ENDPOINTS, NAMESPACES, SERVICES } from '../../../src/kubernetes/api/api-resource.ts'
import type { ApiWatch } from '../../../src/kubernetes/api/feed.ts'
import type { ReflectorStatus } from '../../../src/kubernetes/api/reflector-types.ts'
import { IDLE_STATUS } from '../../helpers/fake-reflectors.ts'

function reporterOf() {
  const lines: string[] = []
  const watches: ApiWatch[] = []
  const waiting: (() => void)[] = []
  const reporter = new ApiReporter({
    watches: () => watches,
    clock: {
      nowMs: () => 100_000,
      after: (_, callback) => {
        waiting.push(callback)
        return () => waiting.splice(waiting.indexOf(callback), 1)
      },
    },
    log: { info: (line) => lines.push(`info ${line}`), warn: (line) => lines.push(`warn ${line}`) },
  })
  const watch = (resource: ApiWatch['resource'], status: Partial<ReflectorStatus> = {}): void => {
    const index = watches.findIndex((known) => known.resource === resource)
    watches.splice(index === -1 ? watches.length : index, index === -1 ? 0 : 1, {
      resource,
      namespace: undefined,
      status: { ...IDLE_STATUS, ...status },
    })
  }
  const told = (): readonly string[] => {
    reporter.report()
    reporter.report()
    for (const callback of waiting.splice(0)) callback()
    return lines.splice(0)
  }
  return { reporter, watch, told, lines, waiting }
}

function failsWith(message: string): Partial<ReflectorStatus> {
  return { failure: { status: 0, message } }
}

function warningOf(failure: string): string {
  return `warn the API server does not give ${failure}. What is known goes on being served; it is tried again`
}

const DOWN = { failure: { status: 0, message: 'no connection to https://192.0.2.1:6443' } }

test('report says once what stops several watches, and once when they are well again', () => {
  const { watch, told } = reporterOf()
  watch(SERVICES, DOWN)
  watch(NAMESPACES, DOWN)
  expect(told()).toEqual([warningOf('services, namespaces: no connection to https://192.0.2.1:6443')])
  expect(told()).toEqual([])
  watch(SERVICES)
  watch(NAMESPACES)
  expect(told()).toEqual(['info the watches of the API server are well again'])
  expect(told()).toEqual([])
})

test('report says each way of failing once for each resource, until all is well', () => {
  const { watch, told } = reporterOf()
  watch(SERVICES, failsWith('no leader, request 7f3a01'))
  expect(told()).toEqual([warningOf('services: no leader, request 7f3a01')])
  watch(SERVICES, failsWith('no leader, request 8b001'))
  expect(told()).toEqual([])
  watch(SERVICES, failsWith('closed'))
  watch(NAMESPACES, failsWith('closed'))
  expect(told()).toEqual([warningOf('services, namespaces: closed')])
  watch(SERVICES, failsWith('no leader, request 12'))
  expect(told()).toEqual([])
  watch(ENDPOINT_SLICES, failsWith('closed'))
  expect(told()).toEqual([warningOf('endpointslices: closed')])
  for (const resource of [SERVICES, NAMESPACES, ENDPOINT_SLICES]) watch(resource)
  expect(told()).toEqual(['info the watches of the API server are well again'])
  watch(SERVICES, failsWith('closed'))
  expect(told()).toEqual([warningOf('services: closed')])
})

test('report says that all is well again though an object stays in quarantine', () => {
  const { watch, told } = reporterOf()
  const quarantined = new Map([['shop/web', 'spec.externalName is empty']])
  watch(SERVICES, { quarantined, ...DOWN })
  expect(told()).toHaveLength(2)
  watch(SERVICES, { quarantined })
  expect(told()).toEqual(['info the watches of the API server are well again'])
  watch(SERVICES)
  expect(told()).toEqual([])
})

test('report names the fallback, held deletions and objects in quarantine', () => {
  const { watch, told } = reporterOf()
  watch(ENDPOINT_SLICES, { quarantined: new Map([['shop/web-1', 'endpoint 0 has no address']]) })
  watch(ENDPOINTS)
  watch(SERVICES, { held: { removed: 90, known: 150 } })
  expect(told()).toEqual([
    'warn endpointslices are not to be had: endpoints are followed in their place, which hold no more than 1,000 addresses each',
    'warn EndpointSlice shop/web-1: endpoint 0 has no address',
    'warn a list of services would remove 90 of 150: held until a second one confirms it (mass_delete_guard)',
  ])
})

test('warnLate names what is missing, with the reason', () => {
  const { reporter, watch, lines } = reporterOf()
  watch(SERVICES, DOWN)
  watch(NAMESPACES, { hasSynced: true })
  reporter.warnLate()
  expect(lines).toEqual([
    'warn not synced with the API server yet: services not complete (services: no connection to https://192.0.2.1:6443). Names that are not known are SERVFAIL until then',
  ])
})

test('state tells what each watch is doing', () => {
  const { reporter, watch } = reporterOf()
  watch(SERVICES, { objects: 7, lastListMs: 40_000, lastEventMs: 99_000, watchSinceMs: 41_000, restarts: 2 })
  watch(NAMESPACES, DOWN)
  expect(reporter.state()).toEqual([
    'services: 7 objects, listed 60 s ago, last told 1 s ago, watched for 59 s, 2 restarts.',
    'namespaces: 0 objects, not listed yet, not watched, 0 restarts.',
  ])
})

test('doubts tells why what is known may be out of date', () => {
  const { reporter, watch } = reporterOf()
  watch(SERVICES)
  expect(reporter.doubts()).toEqual([])
  watch(SERVICES, failsWith('closed'))
  expect(reporter.doubts()).toEqual([
    'The API server does not give services: closed; what is known of them may be out of date.',
  ])
})

test('stop leaves no report waiting', () => {
  const { reporter, waiting } = reporterOf()
  reporter.report()
  reporter.stop()
  expect(waiting).toEqual([])
})
