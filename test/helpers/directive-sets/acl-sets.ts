import { questionsOf } from '../../plugins/differences-from-coredns.ts'
import type { DirectiveSet } from './directive-set.ts'

const POLICIES = [
  'acl {\n block type A net 127.0.0.0/8\n}',
  'acl {\n filter type AAAA TXT\n block net 10.0.0.0/8\n}',
  'acl {\n allow net 127.0.0.1\n block\n}',
  'acl {\n allow type A net 127.0.0.1\n block net 0.0.0.0/0\n}',
  'acl a.test {\n block\n}\nacl test {\n filter type TXT\n}',
  'acl test {\n allow type A\n}\nacl a.test {\n block net *\n}',
  'acl {\n BLOCK TYPE A NET 127.0.0.1/32 ::1\n}',
  'rewrite name suffix .b.test .a.test answer auto\nacl a.test {\n block\n}',
] as const
const QUESTIONS = questionsOf(
  ['a.test.', 'www.A.test.', 'www.b.test.', 'test.', 'other.'],
  ['A', 'AAAA', 'TXT', 'ANY'],
)

/** Policies by type and by net, in several directives, and behind a rewrite. */
export const ACL_SETS: readonly DirectiveSet[] = POLICIES.map((policies) => ({
  directives: `${policies}\nwhoami`,
  questions: QUESTIONS,
}))
