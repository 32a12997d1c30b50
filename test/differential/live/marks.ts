import { setTimeout as sleep } from 'node:timers/promises'
import { parseMessage } from '../../../src/wire/message.ts'
import type { Message } from '../../../src/wire/message.ts'
import type { ApiObject } from '../../helpers/api-object.ts'
import type { Asker } from '../asker.ts'
import { externalNameSpec, headlessSpec, podObject, serviceObject, sliceObject } from '../builders.ts'
import { linesOf } from '../compare.ts'
import { composeQuery } from '../compose-query.ts'
import type { Profile } from '../corefiles.ts'
import { TYPES } from '../queries.ts'

/** Where they stand: of team `a`, as names of an even number of letters are. */
const NAMESPACE = 'mark'
/** Is there at every other step. */
const FLIPPED_NAMESPACE = 'flip'
/** To be served where a configuration names its namespaces. */
export const MARK_NAMESPACES: readonly string[] = [NAMESPACE, FLIPPED_NAMESPACE]

const LABELS = { tier: 'front' }
const POLL_MS = 5

/**
 * An object of each kind that is written after others of its kind. Events of one kind come in order, so a server that shows it
 * has been told everything that was written before.
 */
export class Marks {
  #step = 0

  objects(): readonly ApiObject[] {
    const at = (name: string) => ({ namespace: NAMESPACE, name, labels: LABELS })
    return [
      namespace(NAMESPACE),
      ...(this.#isFlipped ? [namespace(FLIPPED_NAMESPACE)] : []),
      serviceObject(at('service'), externalNameSpec(this.#target)),
      serviceObject(at('slice'), headlessSpec()),
      sliceObject(at('slice'), { endpoints: [{ addresses: [this.#address] }] }),
      podObject(at('pod'), { podIPs: [this.#address] }),
    ]
  }

  advance(): void {
    this.#step++
  }

  /** Waits until the server shows the marks as they are now. Gives the kinds that it did not show in time. */
  async waitFor(asker: Asker, profile: Profile, limitMs: number): Promise<readonly string[]> {
    const deadline = performance.now() + limitMs
    let left = this.#questions(profile)
    for (;;) {
      const shown = await Promise.all(left.map((question) => isShown(asker, question)))
      left = left.filter((_, index) => shown[index] !== true)
      if (left.length === 0 || performance.now() > deadline) return left.map(({ kind }) => kind)
      await sleep(POLL_MS)
    }
  }

  get #isFlipped(): boolean {
    return this.#step % 2 === 1
  }

  get #target(): string {
    return `step-${this.#step}.example`
  }

  get #address(): string {
    return `10.243.${this.#step >> 8}.${this.#step & 255}`
  }

  #questions({ endpoints, pods, zones }: Profile): readonly Question[] {
    const zone = zones[0] ?? ''
    const hasAddress = ({ answer }: Message): boolean =>
      linesOf(answer).some((line) => line.endsWith(` A ${this.#address}`))
    const hasTarget = ({ answer }: Message): boolean =>
      linesOf(answer).some((line) => line.endsWith(` ${this.#target}.`))
    const dashed = this.#address.replaceAll('.', '-')
    return [
      { kind: 'Service', name: `service.${NAMESPACE}.svc.${zone}`, type: TYPES.CNAME, isRight: hasTarget },
      {
        kind: 'Namespace',
        name: `${FLIPPED_NAMESPACE}.svc.${zone}`,
        type: TYPES.A,
        isRight: ({ rcode }) => (rcode === 0) === this.#isFlipped,
      },
      ...(endpoints
        ? [
            {
              kind: 'EndpointSlice',
              name: `slice.${NAMESPACE}.svc.${zone}`,
              type: TYPES.A,
              isRight: hasAddress,
            },
          ]
        : []),
      ...(pods === 'verified'
        ? [{ kind: 'Pod', name: `${dashed}.${NAMESPACE}.pod.${zone}`, type: TYPES.A, isRight: hasAddress }]
        : []),
    ]
  }
}

interface Question {
  readonly kind: string
  readonly name: string
  readonly type: number
  readonly isRight: (reply: Message) => boolean
}

async function isShown(asker: Asker, { kind, name, type, isRight }: Question): Promise<boolean> {
  const octets = composeQuery({
    kind,
    state: 'mark',
    name,
    type,
    rrclass: 1,
    recursionDesired: true,
    authenticData: false,
    checkingDisabled: false,
    tcp: false,
  })
  const reply = await asker.ask(octets, { tcp: false, timeoutMs: 1000 })
  const parsed = reply && parseMessage(reply)
  return parsed?.ok === true && isRight(parsed.message)
}

function namespace(name: string): ApiObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: 'a' } } }
}
