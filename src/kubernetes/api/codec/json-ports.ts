import { asItems, asNumber, asObject, asText } from './json-fields.ts'
import type { PortFields } from './shrink-ports.ts'
import type { TextTable } from './text-table.ts'

/** `ports` of a Service's spec, a slice or a subset. */
export function readPorts(value: unknown, texts: TextTable): PortFields[] {
  return asItems(value, 'ports').map((item) => {
    const { name, protocol, port } = asObject(item, 'ports')
    return {
      name: texts.same(asText(name, 'name')),
      protocol: asText(protocol, 'protocol'),
      port: asNumber(port, 'port'),
    }
  })
}
