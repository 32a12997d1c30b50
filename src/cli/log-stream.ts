import { write, writeSync } from 'node:fs'

/** Where log lines go: one call, one line. */
export interface LogStream {
  write(line: string): void
}

export interface LogStreamOptions {
  /** An open file descriptor, such as 2. */
  readonly descriptor: number
  /** Lines are dropped while more than this waits to be written. */
  readonly maxUnwrittenOctets: number
}

/** How long a reader that is slow is left alone: a pipe that is full says so only when it is tried again. */
const RETRY_MS = 50

/**
 * Writes lines aside and in order, so that a log that is slow, gone or full keeps no query waiting. What the system
 * refuses is dropped. At the exit of the process what still waits is tried once more, and only once.
 */
export function createLogStream({ descriptor, maxUnwrittenOctets }: LogStreamOptions): LogStream {
  let waiting: Buffer[] = []
  let waitingOctets = 0
  let isWriting = false

  const take = (): Buffer => {
    const octets = Buffer.concat(waiting)
    waiting = []
    waitingOctets = 0
    return octets
  }

  const putBack = (octets: Buffer): void => {
    if (octets.length === 0) return
    waiting.unshift(octets)
    waitingOctets += octets.length
  }

  const writeWaiting = (): void => {
    isWriting = waitingOctets > 0
    if (!isWriting) return
    const octets = take()
    write(descriptor, octets, (error, written) => {
      const isBusy = error !== null && (error.code === 'EAGAIN' || error.code === 'EBUSY')
      if (error === null) putBack(octets.subarray(written))
      if (!isBusy) return writeWaiting()
      putBack(octets)
      setTimeout(writeWaiting, RETRY_MS)
    })
  }

  process.on('exit', () => {
    try {
      if (waitingOctets > 0) writeSync(descriptor, take())
    } catch {
      // Nobody is left to tell.
    }
  })

  return {
    write(line) {
      const octets = Buffer.from(line)
      if (waitingOctets + octets.length > maxUnwrittenOctets) return
      waiting.push(octets)
      waitingOctets += octets.length
      if (!isWriting) writeWaiting()
    },
  }
}
