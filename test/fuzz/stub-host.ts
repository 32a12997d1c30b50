import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'
import type { PluginHost } from '../../src/plugins/plugin.ts'

/** A host of plugins that opens and reads nothing; every cluster is `store`. */
export function stubHost(store = new ClusterStore({ nowSeconds: () => 1 })): PluginHost {
  return {
    log: { info: () => {}, warn: () => {}, error: () => {} },
    random: () => 0,
    nowMs: () => 0,
    hasObjects: true,
    cluster: () => store,
    addOwnZones: () => {},
    isInOwnZone: () => false,
    onClose: () => {},
    ownAddresses: () => [0x7f00_0001],
    isOwnAddress: () => false,
    interfaceAddresses: (name) => (name === 'lo' ? ['127.0.0.1', '::1'] : []),
    readFile: () => 'nameserver 127.0.0.1\n',
  }
}
