import type { MetricsRegistry } from '../../metrics/registry.ts'
import type { BlockContext } from '../plugin.ts'
import type { TemplateData } from './go-template.ts'

/** What the templates of one server block came to. */
export interface TemplateMetrics {
  matched(data: TemplateData): void
  /** A template that speaks of what is not there. `template`: as it is written. */
  notFilled(data: TemplateData, section: string, template: string): void
  /** A template that was filled in and is no record then. */
  noRecord(data: TemplateData, section: string, template: string): void
}

/** Counts as CoreDNS does. */
export function createTemplateMetrics(
  metrics: MetricsRegistry,
  { server, viewName }: Pick<BlockContext, 'server' | 'viewName'>,
): TemplateMetrics {
  const labels = ['server', 'zone', 'view', 'class', 'type']
  const ofTemplate = [...labels, 'section', 'template']
  const matches = metrics.counter({
    name: 'coredns_template_matches_total',
    help: 'Queries that a template answered.',
    labels,
  })
  const templateFailures = metrics.counter({
    name: 'coredns_template_template_failures_total',
    help: 'Templates that could not be filled in.',
    labels: ofTemplate,
  })
  const rrFailures = metrics.counter({
    name: 'coredns_template_rr_failures_total',
    help: 'Templates that were filled in and are no record.',
    labels: ofTemplate,
  })
  // Clients can make up types without a name.
  const valuesOf = ({ zone, class: qclass, type }: TemplateData): readonly string[] => [
    server,
    zone,
    viewName,
    qclass,
    type.startsWith('TYPE') ? 'other' : type,
  ]
  return {
    matched: (data) => void matches.with(...valuesOf(data)).value++,
    notFilled: (data, section, template) =>
      void templateFailures.with(...valuesOf(data), section, template).value++,
    noRecord: (data, section, template) => void rrFailures.with(...valuesOf(data), section, template).value++,
  }
}
