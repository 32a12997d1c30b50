import type { Pod } from '../../objects.ts'
import type { Door } from './door.ts'
import type { ObjectMeta } from './object-meta.ts'
import { parseMeta } from './proto-meta.ts'
import type { ProtoReader } from './proto-reader.ts'
import { shrinkPod } from './shrink-pod.ts'

/** A Pod (core/v1 generated.proto): its metadata (1) and status (3). */
export function parsePod(reader: ProtoReader, meta: ObjectMeta, door: Door): Pod {
  let phase = ''
  let podIP = ''
  const podIPs: string[] = []
  const parseStatus = (field: number): void => {
    if (field === 1) phase = reader.text()
    else if (field === 6) podIP = reader.ownText()
    else if (field === 12) podIPs.push(parsePodIP(reader))
    else reader.skip()
  }
  while (reader.next()) {
    if (reader.field === 1) parseMeta(reader, meta)
    else if (reader.field === 3) reader.message(parseStatus)
    else reader.skip()
  }
  return shrinkPod(meta, { phase, podIP, podIPs }, door)
}

function parsePodIP(reader: ProtoReader): string {
  let ip = ''
  reader.message((field) => {
    if (field === 1) ip = reader.ownText()
    else reader.skip()
  })
  return ip
}
