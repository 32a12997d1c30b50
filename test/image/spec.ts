import { listAt, textAt } from '../helpers/deploy-files.ts'
import type { BuiltImage } from './builder.ts'

/** How a container is run; what is left out is as Kubernetes has it for a Pod that says nothing. */
export interface ContainerSetup {
  readonly image: BuiltImage
  /** Appended to the entry point, or instead of it where `command` is given: what a Pod calls args and command. */
  readonly args: readonly string[]
  readonly command?: readonly string[]
  /** By path in the container: the folder or file of this machine that stands there, read-only. */
  readonly mounts?: Readonly<Record<string, string>>
  /** What it has after `drop` and `add`; containerd's list where a Pod says nothing. */
  readonly capabilities?: readonly string[]
  readonly allowPrivilegeEscalation?: boolean
  readonly memoryLimitOctets?: number
  /** Beside that of the image, each `NAME=value`. */
  readonly environment?: readonly string[]
  /** True shares the network of this machine; otherwise the container has one of its own, with 127.0.0.1 and ::1. */
  readonly hasHostNetwork?: boolean
}

/** What containerd and CRI-O leave a container that neither drops nor adds; the others have no bearing here. */
const DEFAULT_CAPABILITIES = ['CAP_CHOWN', 'CAP_KILL', 'CAP_NET_BIND_SERVICE', 'CAP_SETGID', 'CAP_SETUID']

/** The configuration for the runtime, as the OCI runtime specification has it: a read-only root always. */
export function composeSpec(name: string, setup: ContainerSetup): object {
  const { image, args, mounts = {}, capabilities = DEFAULT_CAPABILITIES } = setup
  const [uid = -1, gid = -1] = textAt(image.config, 'User').split(':').map(Number)
  const environment = [...listAt(image.config, 'Env'), ...(setup.environment ?? [])]
  const command = setup.command ?? listAt(image.config, 'Entrypoint')
  const namespaces = ['pid', 'ipc', 'uts', 'mount', ...(setup.hasHostNetwork === true ? [] : ['network'])]
  return {
    ociVersion: '1.0.2',
    hostname: name,
    process: {
      user: { uid, gid },
      args: [...command, ...args],
      env: environment,
      cwd: textAt(image.config, 'WorkingDir'),
      // Not in `inheritable` and `ambient`: Kubernetes puts none there.
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      noNewPrivileges: setup.allowPrivilegeEscalation === false,
    },
    root: { path: image.rootfs, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
      ...Object.entries(mounts).map(([destination, source]) => ({
        destination,
        source,
        type: 'bind',
        options: ['rbind', 'ro'],
      })),
    ],
    linux: {
      namespaces: namespaces.map((type) => ({ type })),
      resources: setup.memoryLimitOctets === undefined ? {} : { memory: { limit: setup.memoryLimitOctets } },
    },
  }
}
