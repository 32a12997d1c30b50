/** etcd's own API as JSON (its gRPC gateway), for what the Kubernetes API does not offer. */
export class EtcdClient {
  readonly #url: string

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}`
  }

  async isHealthy(): Promise<boolean> {
    const response = await fetch(`${this.#url}/health`)
    return response.ok && (await response.text()).includes('true')
  }

  /** The revision of the last write. */
  async revision(): Promise<string> {
    const key = Buffer.from('/').toString('base64')
    const { header } = await this.#post<{ header: { revision: string } }>('kv/range', { key })
    return header.revision
  }

  /** Forgets every revision before the last. */
  async compact(): Promise<void> {
    await this.#post('kv/compaction', { revision: await this.revision(), physical: true })
  }

  async #post<T>(path: string, body: object): Promise<T> {
    const response = await fetch(`${this.#url}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) })
    const text = await response.text()
    if (!response.ok) throw new Error(`etcd ${path}: ${response.status} ${text}`)
    const answer: T = JSON.parse(text)
    return answer
  }
}
