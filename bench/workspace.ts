import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiServer } from '../test/helpers/api-server.ts'
import { composeYaml } from './cluster.ts'
import type { BenchCluster } from './cluster.ts'
import { startUpstream } from './forward/start-upstream.ts'
import { replaceSection } from './report.ts'

/** A temporary folder and an API server, both holding the same cluster, and an upstream for names outside of it. */
export interface Workspace {
  readonly folder: string
  /** The folder of manifests: one YAML file. */
  readonly manifests: string
  readonly apiServerUrl: string
  /** On 127.0.0.1. */
  readonly upstreamPort: number
}

/** Sets up the cluster for both servers, runs the work, and clears everything away again. */
export async function withWorkspace<T>(
  { objects }: BenchCluster,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'slicedns-bench-'))
  const manifests = join(folder, 'manifests')
  const apiServer = await ApiServer.start()
  const upstream = await startUpstream()
  try {
    for (const object of objects) apiServer.put(object)
    await mkdir(manifests)
    await writeFile(join(manifests, 'cluster.yaml'), composeYaml(objects))
    return await work({ folder, manifests, apiServerUrl: apiServer.url, upstreamPort: upstream.port })
  } finally {
    await upstream.stop()
    await apiServer.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Writes the report between its marks in docs/benchmarks.md. */
export async function writeReport(section: string, report: string): Promise<void> {
  const page = new URL('../docs/benchmarks.md', import.meta.url)
  await writeFile(page, replaceSection(await readFile(page, 'utf8'), section, report))
}

/** Writes the chart beside the page. */
export async function writeChart(svg: string): Promise<void> {
  await writeFile(new URL('../docs/benchmarks.svg', import.meta.url), svg)
}
