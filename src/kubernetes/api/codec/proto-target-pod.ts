import type { OctetRange, ProtoReader } from './proto-reader.ts'

/** The name in an ObjectReference (core/v1 generated.proto) whose kind is Pod, else empty. */
export function parseTargetPod(reader: ProtoReader): string {
  let isPod = false
  let name = ''
  const outer = reader.enter()
  while (reader.next()) {
    if (reader.field === 1) isPod = reader.isText('Pod')
    else if (reader.field === 3) name = reader.ownText()
    else reader.skip()
  }
  reader.leave(outer)
  return isPod ? name : ''
}

/** As `parseTargetPod`, but says where the octets of the name are. */
export function findTargetPod(reader: ProtoReader, name: OctetRange): void {
  let isPod = false
  const outer = reader.enter()
  while (reader.next()) {
    if (reader.field === 1) isPod = reader.isText('Pod')
    else if (reader.field === 3) reader.range(name)
    else reader.skip()
  }
  reader.leave(outer)
  if (!isPod) name.end = name.start
}
