import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'

import { createCounters } from '../../src/metrics/counters.ts'
import { UdpOutbox } from '../../src/server/udp-outbox.ts'

type Sent = (error: Error | null, bytes: number) => void

/** A socket that takes what it is given and tells nothing until it is asked to. */
class ScriptedSocket {
  readonly sent: string[] = []
  readonly callbacks: Sent[] = []
  queued = 0

  send(...args: readonly unknown[]): void {
    const [octets, port, address, onSent] = args
    this.sent.push(`${String(octets)} ${String(address)}:${String(port)}`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fourth argument of this form of send
    this.callbacks.push(onSent as Sent)
  }

  getSendQueueCount(): number {
    return this.queued
  }
}

function create(maxUnsentReplies: number) {
  const socket = new ScriptedSocket()
  const counters = createCounters()
  const limits = { maxUnsentReplies, maxAddressSockets: 0 }
  const outbox = new UdpOutbox({ socket, counters, limits })
  const add = (...texts: readonly string[]): void => {
    const octets = Buffer.alloc(1)
    // As the writer does it: one buffer for all replies.
    for (const text of texts) {
      octets.write(text)
      outbox.add(octets, 1024, '192.0.2.1')
    }
  }
  return { socket, counters, limits, outbox, add }
}

describe('UdpOutbox', () => {
  test('sends what one turn of the event loop brings in its order, each with its own octets', async () => {
    const { socket, add } = create(10)
    add('a', 'b')
    expect(socket.sent).toEqual([])
    await nextTurn()
    expect(socket.sent).toEqual(['a 192.0.2.1:1024', 'b 192.0.2.1:1024'])
    add('c')
    await nextTurn()
    expect(socket.sent).toHaveLength(3)
  })

  test('sends without waiting for the turn to end when 32 are there, and the rest at its end', async () => {
    const { socket, add } = create(100)
    add(...Array.from({ length: 33 }, () => 'a'))
    expect(socket.sent).toHaveLength(32)
    await nextTurn()
    expect(socket.sent).toHaveLength(33)
  })

  test('U08 drops and counts replies beyond those that the system does not take', async () => {
    const { socket, counters, limits, add } = create(2)
    socket.queued = 2
    add('a', 'b', 'c', 'd')
    await nextTurn()
    expect([socket.sent.length, counters.repliesDropped]).toEqual([2, 2])
    limits.maxUnsentReplies = 3
    add('e')
    await nextTurn()
    expect([socket.sent.length, counters.repliesDropped]).toEqual([3, 2])
  })

  test('drops nothing of a turn that brings more than the bound, where the system takes all of it', async () => {
    const { socket, counters, add } = create(2)
    add('a', 'b', 'c', 'd')
    await nextTurn()
    expect([socket.sent.length, counters.repliesDropped]).toEqual([4, 0])
  })

  test('U08 counts what the system refuses', async () => {
    const { socket, counters, add } = create(1)
    add('a')
    await nextTurn()
    socket.queued = 1
    socket.callbacks[0]?.(new Error('EPERM'), 0)
    add('b')
    await nextTurn()
    expect([socket.sent.length, counters.sendErrors, counters.repliesDropped]).toEqual([2, 1, 0])
  })

  test('close sends what is there at once, and drops what comes later', async () => {
    const { socket, counters, outbox, add } = create(10)
    add('a')
    outbox.close()
    expect(socket.sent).toEqual(['a 192.0.2.1:1024'])
    add('b')
    await nextTurn()
    expect([socket.sent.length, counters.repliesDropped]).toEqual([1, 1])
  })
})
