import { ACL_SETS } from '../../helpers/directive-sets/acl-sets.ts'
import { AUTOPATH_SET } from '../../helpers/directive-sets/autopath-set.ts'
import type { DirectiveSet } from '../../helpers/directive-sets/directive-set.ts'
import { HOSTS_SEEDS, hostsSet } from '../../helpers/directive-sets/hosts-sets.ts'
import { EXTERNAL_OBJECTS, EXTERNAL_SETS } from '../../helpers/directive-sets/k8s-external-sets.ts'
import { REWRITE_SETS } from '../../helpers/directive-sets/rewrite-sets.ts'
import { TEMPLATE_SETS } from '../../helpers/directive-sets/template-sets.ts'
import { ZONE_SEEDS, zoneFileSet } from '../../helpers/directive-sets/zone-file-sets.ts'
import type { ApiObject } from '../../helpers/api-object.ts'
import type { Profile } from '../corefiles.ts'
import { BASE } from '../corefiles.ts'
import { CACHE_SETS, DNS64_SETS, FORWARD_SETS, SHORT_ANSWER_SETS } from './forward-sets.ts'

/** One directive beside CoreDNS: several sets, each a Corefile of its own, asked several times in different ways. */
export interface DirectiveProfile {
  readonly profile: Profile
  readonly sets: readonly DirectiveSet[]
  readonly objects: readonly ApiObject[]
  /** How often every question is asked. */
  readonly rounds: number
}

/** Nothing of a cluster: every name is outside of it. */
const PLAIN: Omit<Profile, 'name' | 'directive'> = { ...BASE, zones: [], fallthrough: [], forward: false }

/** The directives that are compared. */
export const DIRECTIVE_PROFILES: readonly DirectiveProfile[] = [
  directive('forward', FORWARD_SETS, { rounds: 5, forward: true }),
  directive('cache', CACHE_SETS, { rounds: 5, forward: true }),
  directive('hosts', HOSTS_SEEDS.map(hostsSet), { rounds: 3 }),
  directive('template', TEMPLATE_SETS, { rounds: 3 }),
  directive('rewrite', REWRITE_SETS, { rounds: 1 }),
  directive('file', ZONE_SEEDS.map(zoneFileSet), { rounds: 1 }),
  directive('acl', ACL_SETS, { rounds: 5 }),
  directive('dns64', DNS64_SETS, { rounds: 4, forward: true }),
  directive('minimal, any', SHORT_ANSWER_SETS, { rounds: 4, forward: true }),
  {
    profile: {
      ...PLAIN,
      name: 'autopath',
      directive: 'autopath',
      zones: ['cluster.local.'],
      pods: 'verified',
      ttlSeconds: 5,
    },
    sets: [AUTOPATH_SET],
    objects: AUTOPATH_SET.objects,
    rounds: 20,
  },
  {
    profile: { ...PLAIN, name: 'k8s_external', directive: 'k8s_external', ttlSeconds: 5 },
    sets: EXTERNAL_SETS,
    objects: EXTERNAL_OBJECTS,
    rounds: 6,
  },
]

function directive(
  name: string,
  sets: readonly DirectiveSet[],
  { rounds, forward = false }: { readonly rounds: number; readonly forward?: boolean },
): DirectiveProfile {
  return { profile: { ...PLAIN, name, directive: name, forward }, sets, objects: [], rounds }
}
