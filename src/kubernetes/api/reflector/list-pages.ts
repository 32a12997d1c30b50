import type { Pause } from '../../pause.ts'
import { type ListEnd, MalformedStream } from '../api-event.ts'
import { listPath, type Selection } from './collection-path.ts'
import type { Exchange } from './exchange.ts'
import { type CodecFor, openAnswer } from './open-answer.ts'
import type { ReflectedObjects } from './reflected-objects.ts'

export interface PagedList {
  readonly selection: Selection
  /** Objects in one page; undefined for all in one. */
  readonly limit: number | undefined
  /** `0` for what the server has at hand; undefined for what is so at this moment. */
  readonly resourceVersion: string | undefined
  /** Makes the request of a page. */
  readonly open: (path: string) => Exchange
  readonly codecFor: CodecFor
  /** Told of each object as it comes. */
  readonly objects: ReflectedObjects
  readonly slices: Pause
}

/** Reads a list page by page. Gives the resourceVersion from which a watch goes on: that of the first page, the oldest. */
export async function listPages(list: PagedList): Promise<string> {
  const { selection, limit, resourceVersion } = list
  const first = await readPage(list, listPath(selection, { limit, continueToken: '', resourceVersion }))
  let { continueToken } = first
  while (continueToken !== '') {
    const page = await readPage(list, listPath(selection, { limit, continueToken, resourceVersion }))
    if (page.continueToken === continueToken) throw new MalformedStream('a page that goes on with itself')
    continueToken = page.continueToken
  }
  return first.resourceVersion
}

async function readPage({ open, codecFor, objects, slices }: PagedList, path: string): Promise<ListEnd> {
  const { codec, chunks } = await openAnswer(open(path), codecFor)
  const decoder = codec.listDecoder()
  for await (const chunk of chunks) {
    for (const item of decoder.push(chunk)) {
      const waiting = slices()
      if (waiting !== undefined) await waiting
      objects.apply(item)
    }
  }
  return decoder.end()
}
