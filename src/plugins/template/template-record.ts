import { ROOT } from '../../wire/name.ts'
import { parseZoneFile } from '../../zone/zone-file/parse-zone-file.ts'
import type { RRset } from '../../zone/rrset.ts'

/** The record that a line of a zone file says (RFC 1035 5.1), relative names being below the root; undefined where it is none. */
export function recordFromText(text: string): RRset | undefined {
  // What a client put at the start of the line must not become a directive of the zone file.
  const line = text.startsWith('$') ? `\\${text}` : text.trimStart()
  const { records, problems } = parseZoneFile(`$TTL ${DEFAULT_TTL_SECONDS}\n${line}`, {
    file: 'template',
    origin: ROOT,
    maxRecords: 1,
  })
  const [record] = records
  if (record === undefined || problems.some(({ severity }) => severity === 'error')) return undefined
  const { owner, rrtype, ttlSeconds, rdata } = record
  return { owner, rrtype, ttlSeconds, rdatas: [rdata] }
}

const DEFAULT_TTL_SECONDS = 3600

/** Records of one owner, type and TTL that follow each other, as one RRset. */
export function joinRRsets(records: readonly RRset[]): readonly RRset[] {
  const joined: RRset[] = []
  for (const record of records) {
    const last = joined.at(-1)
    const isSame =
      last?.owner === record.owner && last.rrtype === record.rrtype && last.ttlSeconds === record.ttlSeconds
    if (last === undefined || !isSame) joined.push(record)
    else joined[joined.length - 1] = { ...last, rdatas: [...last.rdatas, ...record.rdatas] }
  }
  return joined
}
