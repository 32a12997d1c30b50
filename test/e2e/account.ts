import type { ControlPlane } from '../control-plane/control-plane.ts'
import type { ApiObject } from '../helpers/api-object.ts'
import { ACCOUNT_TOKEN } from './world.ts'

const READ = ['list', 'watch']

/** What the server may read. */
const ROLE: ApiObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'slicedns' },
  rules: [
    { apiGroups: [''], resources: ['services', 'namespaces', 'pods', 'endpoints'], verbs: READ },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
  ],
}

/** Gives the ServiceAccount its permissions. Its token must be known to the API server already. */
export async function installAccount(plane: ControlPlane): Promise<void> {
  const metadata = { name: 'slicedns', namespace: 'kube-system' }
  await plane.client.ensure([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata }])
  await plane.apply([ROLE, binding('slicedns', 'slicedns')])
}

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

/** The tokens that the API server is to know from its start, and whom each stands for. */
export const TOKENS: Readonly<Record<string, string>> = {
  [ACCOUNT_TOKEN]: 'system:serviceaccount:kube-system:slicedns',
  // Without permissions until a case gives it some.
  'poor-token': 'system:serviceaccount:kube-system:poor',
}
