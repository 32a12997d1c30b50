import type { SoakServer } from './soak-server.ts'

const SAMPLE_MS = 1_000
const LAST_SAMPLES = 10
/** Growth beyond this share is a leak until shown otherwise. */
const MAX_GROWTH = 0.05

/** The resident memory of the server, once a second. */
export class SoakMemory {
  readonly #server: SoakServer
  readonly #firstSeconds: number
  readonly #samples: number[] = []
  #sampledMs = -Infinity

  /** Growth is measured from the first seconds on: until then caches fill and code is compiled. */
  constructor(server: SoakServer, firstSeconds: number) {
    this.#server = server
    this.#firstSeconds = firstSeconds
  }

  sample(): void {
    if (performance.now() - this.#sampledMs < SAMPLE_MS || !this.#server.isRunning) return
    this.#sampledMs = performance.now()
    this.#samples.push(this.#server.residentKib())
  }

  /** Whether it is, at the end, at most 5 % above the most of the first seconds. A run that ends with them says nothing. */
  get isFlat(): boolean {
    return this.#samples.length <= this.#firstSeconds || this.#atEnd <= this.#atFirst * (1 + MAX_GROWTH)
  }

  describe(): string {
    const [first, end, most] = [this.#atFirst, this.#atEnd, Math.max(...this.#samples)].map(mib)
    return `resident memory ${end} MiB (most of the first ${this.#firstSeconds} s ${first}, of all ${most})`
  }

  get #atFirst(): number {
    return Math.max(...this.#samples.slice(0, this.#firstSeconds))
  }

  /** The middle one of the last samples: a collection of garbage makes each of them go up and down. */
  get #atEnd(): number {
    const last = this.#samples.slice(-LAST_SAMPLES).toSorted((a, b) => a - b)
    return last[Math.floor(last.length / 2)] ?? 0
  }
}

function mib(kib: number): string {
  return (kib / 1024).toFixed(1)
}
