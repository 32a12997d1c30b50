import { EndpointPacker } from '../../endpoint-packer.ts'
import type { EndpointPort, ServicePort } from '../../objects.ts'
import { Problems } from './problems.ts'
import { SharedPorts } from './shared-ports.ts'
import { shrinkEndpointPorts, shrinkServicePorts } from './shrink-ports.ts'
import { TextTable } from './text-table.ts'

/** What all that comes through one codec shares, and the problems of the object that is coming through. */
export class Door {
  readonly problems = new Problems()
  readonly texts = new TextTable()
  readonly endpointPorts = new SharedPorts<EndpointPort>(shrinkEndpointPorts, this.problems)
  readonly packer = new EndpointPacker()
  readonly servicePorts = new SharedPorts<ServicePort>(shrinkServicePorts, this.problems)
}
