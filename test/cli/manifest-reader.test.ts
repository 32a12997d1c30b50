import { expect, test } from 'vitest'

import { ManifestReader } from '../../src/cli/manifest-reader.ts'
import { ipToText } from '../../src/wire/ip-address.ts'
import { buildCluster } from '../kubernetes/controllers/build-cluster.ts'
import { testHost } from '../plugins/plugin-harness.ts'

const service = (name: string, spec = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { ports: [{ port: 80 }], ...spec },
})

test('notes are counted in one line of the log, other problems have a line each, and all can be read', async () => {
  const [home = 0] = buildCluster(JSON.stringify(service('web'))).services[0]?.clusterIPs ?? []
  const { log, lines } = testHost()
  const external = { type: 'ExternalName', externalName: '192.0.2.1' }
  const objects = [service('web'), service('other', { clusterIP: ipToText(home) }), service('out', external)]
  const reader = new ManifestReader({ objects, watch: false }, log)
  const source = reader.source({ folders: [], api: undefined, selectorText: '', selector: undefined })
  await source.start({
    apply: () => true,
    remove: () => {},
    markSynced: () => {},
    markUnavailable: () => {},
    describe: () => {},
  })
  expect(lines).toEqual([
    expect.stringMatching(/^warn objects\[2\]\.spec\.externalName:.*192\.0\.2\.1/),
    'info notes on the manifests: "slicedns check" lists them',
    'info read manifests',
  ])
  expect(reader.problems.map(({ severity }) => severity).toSorted()).toEqual(['note', 'warning'])
})
