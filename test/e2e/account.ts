import { join } from 'node:path'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import type { ApiObject } from '../helpers/api-object.ts'
import { ROOT } from '../helpers/source-tree.ts'
import { ACCOUNT_TOKEN } from './world.ts'

/** The ServiceAccount that ships. */
export const ACCOUNT_USER = 'system:serviceaccount:kube-system:slicedns'

/** Gives the ServiceAccount that ships the permissions that ship. Its token must be known to the API server already. */
export async function installAccount(plane: ControlPlane): Promise<void> {
  for (const file of ['service-account.yaml', 'cluster-role.yaml'])
    await plane.apply(join(ROOT, 'deploy', file))
}

/** What `pods verified` needs besides. */
export const POD_PERMISSIONS = join(ROOT, 'deploy/optional/pods.yaml')

/** Gives a ServiceAccount of kube-system a ClusterRole of this name. */
export function binding(role: string, account: string): ApiObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: account },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: 'kube-system' }],
  }
}

/** Accounts without permissions until a case gives them some. */
const POOR = ['no-slices', 'no-namespaces', 'no-pods', 'no-services']

/** The tokens that the API server is to know from its start, and whom each stands for. */
export const TOKENS: Readonly<Record<string, string>> = {
  [ACCOUNT_TOKEN]: ACCOUNT_USER,
  ...Object.fromEntries(POOR.map((name) => [`${name}-token`, `system:serviceaccount:kube-system:${name}`])),
}
