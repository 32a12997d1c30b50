import type { SoakServer } from './soak-server.ts'

const SAMPLE_MS = 1_000
const LAST_SAMPLES = 10
/** Growth beyond this share is a leak until shown otherwise. */
const MAX_GROWTH = 0.05

/** The resident memory of the server, once a second. */
export class SoakMemory {
  readonly #server: SoakServer
  /** While caches fill and code is compiled. */
  readonly #first: number[] = []
  readonly #later: number[] = []
  #sampledMs = -Infinity

  constructor(server: SoakServer) {
    this.#server = server
  }

  /** `isFirst`: memory may still grow. */
  sample(isFirst: boolean): void {
    if (performance.now() - this.#sampledMs < SAMPLE_MS || !this.#server.isRunning) return
    this.#sampledMs = performance.now()
    const samples = isFirst ? this.#first : this.#later
    samples.push(this.#server.residentKib())
  }

  /** Whether it is, at the end, at most 5 % above the most of the first time. A run that ends with that says nothing. */
  get isFlat(): boolean {
    return this.#later.length === 0 || this.#atEnd <= Math.max(...this.#first) * (1 + MAX_GROWTH)
  }

  describe(): string {
    const first = Math.max(0, ...this.#first)
    const most = Math.max(first, ...this.#later)
    return `resident memory at most ${mib(first)} MiB at first, ${mib(most)} in all, ${mib(this.#atEnd)} at the end`
  }

  /** The middle one of the last samples: a collection of garbage makes each of them go up and down. */
  get #atEnd(): number {
    const last = [...this.#first, ...this.#later].slice(-LAST_SAMPLES).toSorted((a, b) => a - b)
    return last[Math.floor(last.length / 2)] ?? 0
  }
}

function mib(kib: number): string {
  return (kib / 1024).toFixed(1)
}
