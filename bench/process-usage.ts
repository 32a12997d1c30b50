import { readFileSync, readdirSync } from 'node:fs'

/** Linux counts CPU time in ticks of 10 ms for every user program (sysconf(_SC_CLK_TCK)). */
const TICKS_PER_SECOND = 100

/** User and system time that the process and its descendants have used, in seconds. Source: proc(5), stat. */
export function cpuSeconds(pid: number): number {
  const { userSeconds, systemSeconds } = cpuSplit(pid)
  return userSeconds + systemSeconds
}

/** The same, user and system time apart. */
export function cpuSplit(pid: number): { readonly userSeconds: number; readonly systemSeconds: number } {
  let [user, system] = [0, 0]
  for (const id of withDescendants(pid)) {
    const ticks = cpuTicks(read(id, 'stat'))
    user += ticks.user
    system += ticks.system
  }
  return { userSeconds: user / TICKS_PER_SECOND, systemSeconds: system / TICKS_PER_SECOND }
}

/** Resident memory of the process and its descendants, in octets. Source: proc(5), VmRSS in status. */
export function residentOctets(pid: number): number {
  return sumOfStatus(pid, /^VmRSS:\s*(\d+) kB$/m)
}

/** The most it ever was. Source: proc(5), VmHWM in status. */
export function peakResidentOctets(pid: number): number {
  return sumOfStatus(pid, /^VmHWM:\s*(\d+) kB$/m)
}

function sumOfStatus(pid: number, line: RegExp): number {
  return withDescendants(pid).reduce((sum, id) => {
    const kibibytes = line.exec(read(id, 'status'))?.[1] ?? '0'
    return sum + Number(kibibytes) * 1024
  }, 0)
}

/** utime and stime of a stat line. The second field is the command in parentheses, which may hold spaces. */
export function cpuTicks(stat: string): { readonly user: number; readonly system: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { user: Number(fields[11] ?? 0), system: Number(fields[12] ?? 0) }
}

function withDescendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    read(pid, `task/${task}/children`).split(' '),
  )
  return [pid, ...children.filter((id) => id.trim() !== '').flatMap((id) => withDescendants(Number(id)))]
}

function read(pid: number, file: string): string {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8')
}
