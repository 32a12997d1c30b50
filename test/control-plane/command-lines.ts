import { join } from 'node:path'
import type { ControlPlaneBinaries } from './binaries.ts'

/** Where the components find each other and keep what is theirs. */
export interface Layout {
  readonly folder: string
  readonly etcdPort: number
  readonly etcdPeerPort: number
  readonly apiPort: number
  readonly kubeconfig: string
  readonly tokenFile: string
}

export type CommandLines = Readonly<
  Record<'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kwok', readonly string[]>
>

/** What starts each component; all of it on 127.0.0.1. */
export function commandLines(binaries: ControlPlaneBinaries, layout: Layout): CommandLines {
  return {
    etcd: [binaries.etcd, ...etcdFlags(layout)],
    'kube-apiserver': [binaries['kube-apiserver'], ...apiServerFlags(layout)],
    'kube-controller-manager': [
      binaries['kube-controller-manager'],
      `--kubeconfig=${layout.kubeconfig}`,
      // No heartbeats of nodes are made here, so all Pods would be said to be not ready now and then.
      '--controllers=*,-serviceaccount-token,-nodeipam,-nodelifecycle',
      '--leader-elect=false',
      '--secure-port=0',
      '--kube-api-qps=500',
      '--kube-api-burst=1000',
      '--concurrent-service-endpoint-syncs=10',
    ],
    kwok: [
      binaries.kwok,
      `--kubeconfig=${layout.kubeconfig}`,
      `--config=${binaries.kwokStages}`,
      '--manage-all-nodes=true',
      '--cidr=10.244.0.0/16',
    ],
  }
}

function etcdFlags({ folder, etcdPort, etcdPeerPort }: Layout): readonly string[] {
  const [client, peer] = [etcdPort, etcdPeerPort].map((port) => `http://127.0.0.1:${port}`)
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]
}

function apiServerFlags({ folder, etcdPort, apiPort, tokenFile }: Layout): readonly string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    `--secure-port=${apiPort}`,
    '--bind-address=127.0.0.1',
    // What the Service `kubernetes` leads to: without it, the address of the host's default route, where there is one.
    '--advertise-address=192.0.2.1',
    `--cert-dir=${folder}`,
    '--service-cluster-ip-range=10.96.0.0/16,fd00:10:96::/112',
    `--service-account-key-file=${join(folder, 'accounts.key')}`,
    `--service-account-signing-key-file=${join(folder, 'accounts.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    '--authorization-mode=RBAC',
    `--token-auth-file=${tokenFile}`,
    '--disable-admission-plugins=ServiceAccount',
  ]
}
