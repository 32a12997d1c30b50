declare const brand: unique symbol

/**
 * A fully-qualified domain name in presentation format (RFC 1035 5.1): `web.default.svc.cluster.local.`, `.` for the
 * root. Escapes are canonical, so two names are equal exactly when their strings are (after `lowerCase`), and the string
 * is pure ASCII: a space and any of `.'@;()"\` inside a label is a backslash and that character, every octet outside
 * 0x21–0x7E is `\DDD`.
 */
export type DomainName = string & { readonly [brand]: 'DomainName' }
