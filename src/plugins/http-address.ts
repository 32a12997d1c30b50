import { isIPv6 } from 'node:net'

import { ConfigError } from '../config/config-error.ts'
import type { Argument, Directive } from '../config/corefile.ts'
import { requireArgs } from '../config/directive-arguments.ts'
import type { HttpAddress } from '../metrics/http-endpoint.ts'

/** The address of a directive whose form is `NAME [ADDRESS]`, such as `:8080`, `127.0.0.1:0` or `[::1]:8080`. Throws a ConfigError. */
export function httpAddressOf(directive: Directive, byDefault: HttpAddress): HttpAddress {
  requireArgs(directive, 0, 1, `${directive.name} [ADDRESS]`)
  const [argument] = directive.args
  return argument === undefined ? byDefault : parseHttpAddress(argument)
}

function parseHttpAddress(argument: Argument): HttpAddress {
  const [, bracketed, plain, port = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(argument.text) ?? []
  const host = bracketed ?? plain ?? ''
  const isHost = bracketed === undefined ? /^[\w.-]*$/.test(host) : isIPv6(host)
  if (port === '' || Number(port) > 65_535 || !isHost) throw addressError(argument)
  return { host: host === '' ? undefined : host, port: Number(port) }
}

function addressError({ text, position }: Argument): ConfigError {
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_HTTP_ADDRESS',
    message: `"${text}" is no address and port to serve HTTP on`,
    position,
    hint: 'write [HOST]:PORT, such as :9153, localhost:9153 or [::1]:9153',
  })
}
