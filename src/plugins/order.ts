import { acl } from './acl.ts'
import { any } from './any.ts'
import { autopath } from './autopath.ts'
import { bind } from './bind.ts'
import { bufsize } from './bufsize.ts'
import { cache } from './cache.ts'
import { cancel } from './cancel.ts'
import { chaos } from './chaos.ts'
import { debug } from './debug.ts'
import { dns64 } from './dns64.ts'
import { errors } from './errors.ts'
import { families } from './families.ts'
import { file } from './file.ts'
import { forward } from './forward.ts'
import { header } from './header.ts'
import { hosts } from './hosts.ts'
import { health } from './health.ts'
import { k8sExternal } from './k8s-external.ts'
import { kubernetes } from './kubernetes.ts'
import { limits } from './limits.ts'
import { loadbalance } from './loadbalance.ts'
import { local } from './local.ts'
import { log } from './log.ts'
import { loop } from './loop.ts'
import { metadata } from './metadata.ts'
import { minimal } from './minimal.ts'
import { nsid } from './nsid.ts'
import type { Plugin } from './plugin.ts'
import { pprof } from './pprof.ts'
import { prometheus } from './prometheus.ts'
import { ready } from './ready.ts'
import { rewrite } from './rewrite.ts'
import { reload } from './reload.ts'
import { root } from './root.ts'
import { template } from './template.ts'
import { timeouts } from './timeouts.ts'
import { view } from './view.ts'
import { whoami } from './whoami.ts'

/** Every directive, in the order in which a query passes their responders: fixed, whatever the order in the Corefile. */
export const PLUGINS: readonly Plugin[] = [
  root,
  metadata,
  cancel,
  timeouts,
  limits,
  reload,
  nsid,
  bufsize,
  bind,
  debug,
  ready,
  health,
  pprof,
  prometheus,
  errors,
  log,
  local,
  dns64,
  any,
  chaos,
  loadbalance,
  rewrite,
  autopath,
  acl,
  cache,
  header,
  minimal,
  template,
  hosts,
  k8sExternal,
  kubernetes,
  file,
  families,
  loop,
  forward,
  whoami,
  view,
]
