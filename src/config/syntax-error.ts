import { ConfigError } from './config-error.ts'
import type { Position } from './corefile.ts'
import type { Token } from './lexer.ts'

/** What is wrong with the form of a Corefile, whatever the words mean. */
export function syntaxError(
  code: ConfigError['code'],
  message: string,
  position: Position,
  hint?: string,
): ConfigError {
  return new ConfigError({ code, message, position, hint })
}

/** At a closing brace that no opening one belongs to. */
export function strayBrace(token: Token): ConfigError {
  return syntaxError(
    'SLICEDNS_CONFIG_BRACE',
    'this brace closes nothing',
    token.position,
    'remove it, or add the { it belongs to',
  )
}

/** At an opening brace. */
export function neverClosed(opened: Position): ConfigError {
  return syntaxError(
    'SLICEDNS_CONFIG_BRACE',
    'this brace is never closed',
    opened,
    'add a } on a line of its own',
  )
}
