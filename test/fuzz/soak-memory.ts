import type { SoakServer } from './soak-server.ts'

const SAMPLE_MS = 1_000
const FIRST_MINUTE_SAMPLES = 60
const LAST_SAMPLES = 10
/** Growth beyond this share of the first minute is a leak until shown otherwise. */
const MAX_GROWTH = 0.05

/** The resident memory of the server, once a second. */
export class SoakMemory {
  readonly #server: SoakServer
  readonly #samples: number[] = []
  #sampledMs = -Infinity

  constructor(server: SoakServer) {
    this.#server = server
  }

  sample(): void {
    if (performance.now() - this.#sampledMs < SAMPLE_MS || !this.#server.isRunning) return
    this.#sampledMs = performance.now()
    this.#samples.push(this.#server.residentKib())
  }

  /** Whether it is, at the end, at most 5 % above the most of the first minute (or first half, where the run is shorter). */
  get isFlat(): boolean {
    return this.#atEnd <= this.#atFirst * (1 + MAX_GROWTH)
  }

  describe(): string {
    return `${mib(this.#samples.at(-1) ?? 0)} resident (first minute ${mib(this.#atFirst)}, end ${mib(this.#atEnd)}, most ${mib(Math.max(...this.#samples))})`
  }

  get #atFirst(): number {
    return Math.max(
      ...this.#samples.slice(0, Math.min(FIRST_MINUTE_SAMPLES, Math.ceil(this.#samples.length / 2))),
    )
  }

  /** The middle one of the last samples: a collection of garbage makes each of them go up and down. */
  get #atEnd(): number {
    return (
      this.#samples.slice(-LAST_SAMPLES).toSorted((a, b) => a - b)[
        Math.floor(Math.min(LAST_SAMPLES, this.#samples.length) / 2)
      ] ?? 0
    )
  }
}

function mib(kib: number): string {
  return `${(kib / 1024).toFixed(1)} MiB`
}
