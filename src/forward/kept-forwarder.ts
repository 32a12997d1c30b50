import { createForwarder } from './forwarder.ts'
import type { Forwarder } from './forwarder.ts'
import type { ForwarderHost, ForwarderOptions } from './forwarder-options.ts'
import { createUpstreamList } from './upstream-list.ts'
import type { UpstreamListHost, UpstreamSource } from './upstream-list.ts'

/** A forwarder and its list of upstreams, which outlive a configuration: connections, what waits, and who failed of late. */
export interface KeptForwarder extends Pick<Forwarder, 'forwardFor' | 'close'> {
  /** Reads files that name upstreams again at once, where they have changed. */
  readonly refresh: () => void
}

type KeptForwarderHost = Omit<ForwarderHost, 'upstreams' | 'upstreamsKnown'> & UpstreamListHost

export function createKeptForwarder(
  sources: readonly UpstreamSource[],
  options: ForwarderOptions,
  host: KeptForwarderHost,
): KeptForwarder {
  const list = createUpstreamList(sources, host)
  const forwarder = createForwarder({ ...host, upstreams: list.current, upstreamsKnown: list.known }, options)
  return {
    forwardFor: forwarder.forwardFor,
    refresh: list.refresh,
    close: () => {
      list.close()
      forwarder.close()
    },
  }
}
