import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ApiObject } from '../helpers/api-object.ts'
import { provideBinaries } from './binaries.ts'
import type { ControlPlaneBinaries } from './binaries.ts'
import { commandLines } from './command-lines.ts'
import type { Layout } from './command-lines.ts'
import { Component } from './component.ts'
import { EtcdClient } from './etcd-client.ts'
import { freePorts } from './free-ports.ts'
import { KubeClient } from './kube-client.ts'
import { composeKubeconfig } from './kubeconfig.ts'
import { schedulePods } from './scheduler.ts'
import { waitFor } from './wait-for.ts'

export interface ControlPlaneOptions {
  /** Told what takes long. */
  readonly say?: (line: string) => void
  /** False leaves out kube-controller-manager and kwok: then Pods do not run and Services get no slices. */
  readonly hasControllers?: boolean
  /** Whom tokens stand for beside the administrator's, such as `system:serviceaccount:kube-system:slicedns`. */
  readonly tokens?: Readonly<Record<string, string>>
  /** Keeps the folder with logs and data when it is closed. */
  readonly keepsFolder?: boolean
}

/** Members of system:masters. */
const ADMIN_TOKEN = 'admin-token'
const NODE = 'node-1'

/**
 * A real Kubernetes control plane on free ports of 127.0.0.1, with its state in a new folder: etcd, kube-apiserver,
 * kube-controller-manager, and kwok in place of kubelets. All of it ends with this process.
 */
export class ControlPlane {
  readonly folder: string
  /** Speaks as an administrator. */
  readonly client: KubeClient
  readonly etcdClient: EtcdClient
  readonly components: Readonly<
    Record<'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kwok', Component>
  >
  readonly #binaries: ControlPlaneBinaries
  readonly #layout: Layout
  readonly #options: ControlPlaneOptions
  readonly #ending = new AbortController()
  /** By token: who it stands for. */
  readonly #tokens = new Map<string, string>([[ADMIN_TOKEN, 'admin,admin,"system:masters"']])
  #scheduling: Promise<void> = Promise.resolve()
  #backups = 0

  private constructor(binaries: ControlPlaneBinaries, layout: Layout, options: ControlPlaneOptions) {
    this.folder = layout.folder
    this.#binaries = binaries
    this.#layout = layout
    this.#options = options
    process.once('exit', () => this.#removeFolder())
    this.client = new KubeClient(layout.apiPort, ADMIN_TOKEN, () => readFileSync(this.caFile, 'utf8'))
    this.etcdClient = new EtcdClient(layout.etcdPort)
    for (const [token, user] of Object.entries(options.tokens ?? {})) this.#tokens.set(token, userLine(user))
    const lines = commandLines(binaries, layout)
    const component = (name: keyof typeof lines): Component =>
      new Component(name, lines[name], { logFile: join(layout.folder, `${name}.log`) })
    this.components = {
      etcd: component('etcd'),
      'kube-apiserver': component('kube-apiserver'),
      'kube-controller-manager': component('kube-controller-manager'),
      kwok: component('kwok'),
    }
  }

  /** Resolves when the API server is ready and the Node is. */
  static async start(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
    const binaries = await provideBinaries(options.say ?? (() => {}))
    const folder = await mkdtemp(join(tmpdir(), 'slicedns-control-plane-'))
    const [etcdPort = 0, etcdPeerPort = 0, apiPort = 0] = await freePorts(3)
    const [kubeconfig, tokenFile] = [join(folder, 'admin.kubeconfig'), join(folder, 'tokens.csv')]
    const layout = { folder, etcdPort, etcdPeerPort, apiPort, kubeconfig, tokenFile }
    const plane = new ControlPlane(binaries, layout, options)
    try {
      await plane.#begin()
      return plane
    } catch (error) {
      await plane.close()
      throw error
    }
  }

  get server(): string {
    return `https://127.0.0.1:${this.#layout.apiPort}`
  }

  /** Of a member of system:masters. */
  get adminToken(): string {
    return ADMIN_TOKEN
  }

  get apiPort(): number {
    return this.#layout.apiPort
  }

  /** The certificate of the API server, and of who signed it. It is for 127.0.0.1. */
  get caFile(): string {
    return join(this.folder, 'apiserver.crt')
  }

  /** The key of that certificate. */
  get keyFile(): string {
    return join(this.folder, 'apiserver.key')
  }

  /**
   * Says which tokens stand for whom: `system:serviceaccount:kube-system:slicedns`, or undefined for nobody any more. In force
   * when kube-apiserver starts the next time.
   */
  async setToken(token: string, user: string | undefined): Promise<void> {
    if (user === undefined) this.#tokens.delete(token)
    else this.#tokens.set(token, userLine(user))
    await this.#writeTokens()
  }

  /** kubectl as an administrator. Gives what it prints; throws an Error with what it says where it fails. */
  async kubectl(args: readonly string[], stdin = ''): Promise<string> {
    const all = [
      '--kubeconfig',
      this.#layout.kubeconfig,
      '--cache-dir',
      join(this.folder, 'kubectl'),
      ...args,
    ]
    const child = spawn(this.#binaries.kubectl, all, { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stdin.end(stdin)
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: exit code ${code}\n${stderr}`)
    return stdout
  }

  /** `kubectl apply` of a file, a folder, or objects. */
  async apply(what: string | readonly ApiObject[]): Promise<void> {
    if (typeof what === 'string') await this.kubectl(['apply', '-f', what])
    else
      await this.kubectl(
        ['apply', '-f', '-'],
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items: what }),
      )
  }

  async isReady(): Promise<boolean> {
    return (await this.client.get<string>('/readyz')) === 'ok'
  }

  /** Kills kube-apiserver, starts it again and waits until it is ready. */
  async restartApiServer(): Promise<void> {
    await this.components['kube-apiserver'].kill()
    await this.startApiServer()
  }

  async startApiServer(): Promise<void> {
    this.client.close()
    this.components['kube-apiserver'].start()
    await this.#waitForComponent('kube-apiserver', () => this.isReady())
  }

  /** Copies what etcd holds, while it is stopped for a moment. Gives the folder of the copy. */
  async backUpEtcd(): Promise<string> {
    const copy = join(this.folder, `etcd-${this.#backups++}`)
    await this.components.etcd.kill()
    await cp(join(this.folder, 'etcd'), copy, { recursive: true })
    await this.#startEtcd()
    return copy
  }

  /** Puts a copy back in place of what etcd holds now, and restarts kube-apiserver as the handbooks say. */
  async restoreEtcd(copy: string): Promise<void> {
    await this.components['kube-apiserver'].kill()
    await this.components.etcd.kill()
    await rm(join(this.folder, 'etcd'), { recursive: true })
    await cp(copy, join(this.folder, 'etcd'), { recursive: true })
    await this.#startEtcd()
    await this.startApiServer()
  }

  async close(): Promise<void> {
    this.#ending.abort()
    await this.#scheduling
    this.client.close()
    await Promise.all(Object.values(this.components).map((component) => component.kill()))
    this.#removeFolder()
  }

  #removeFolder(): void {
    if (this.#options.keepsFolder !== true) rmSync(this.folder, { recursive: true, force: true })
  }

  async #begin(): Promise<void> {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await writeFile(join(this.folder, 'accounts.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await this.#writeTokens()
    const { caFile, server } = this
    await writeFile(this.#layout.kubeconfig, composeKubeconfig({ server, caFile, token: ADMIN_TOKEN }))
    await this.#startEtcd()
    await this.startApiServer()
    if (this.#options.hasControllers === false) return
    await this.client.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } })
    this.components['kube-controller-manager'].start()
    this.components.kwok.start()
    this.#scheduling = schedulePods(this.client, NODE, this.#ending.signal)
    await this.#waitForComponent('kwok', () => this.#isNodeReady())
  }

  async #startEtcd(): Promise<void> {
    this.components.etcd.start()
    await this.#waitForComponent('etcd', () => this.etcdClient.isHealthy())
  }

  async #isNodeReady(): Promise<boolean> {
    const node = await this.client.read({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } })
    return JSON.stringify(node['status']).includes('"KubeletReady"')
  }

  async #writeTokens(): Promise<void> {
    const lines = [...this.#tokens].map(([token, user]) => `${token},${user}\n`)
    await writeFile(this.#layout.tokenFile, lines.join(''))
  }

  async #waitForComponent(name: keyof typeof this.components, check: () => Promise<boolean>): Promise<void> {
    const component = this.components[name]
    const until = async (): Promise<boolean> => !component.isRunning || (await check())
    await waitFor(`${name} is ready`, until).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${await component.output()}`, { cause: error })
    })
    if (!component.isRunning) throw new Error(`${name} ended:\n${await component.output()}`)
  }
}

function userLine(user: string): string {
  return `${user},${user},"system:serviceaccounts,system:authenticated"`
}
