import type { LoadProgress } from '../kubernetes/manifests/manifest-files.ts'

/** Shows how far reading has come; undefined at its end. */
export type ShowProgress = (progress: LoadProgress | undefined) => void

/** Nothing is shown before this, so that what is quick stays quiet. */
const QUIET_MS = 300
const INTERVAL_MS = 100

/** Shows progress on one line of a terminal, and takes it away at the end. On anything else it says nothing. */
export function createProgress(
  stream: NodeJS.WriteStream,
  nowMs: () => number = () => performance.now(),
): ShowProgress {
  if (!stream.isTTY) return () => {}
  const startMs = nowMs()
  let shownMs = startMs + QUIET_MS - INTERVAL_MS
  let isShown = false
  return (progress) => {
    if (progress === undefined) {
      if (isShown) stream.write('\r\u001B[K')
      isShown = false
      return
    }
    if (nowMs() - shownMs < INTERVAL_MS) return
    shownMs = nowMs()
    isShown = true
    const { filesRead, filesTotal, objectsRead } = progress
    stream.write(`\r\u001B[Kreading manifests: ${filesRead} of ${filesTotal} files, ${objectsRead} objects`)
  }
}
