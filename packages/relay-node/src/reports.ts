/**
 * What a relay does and has done, told: for programs as facts, for people in lines.
 *
 * @packageDocumentation
 */
export { type Describe, reportArchive, reportDiscovery, reportPeers, reportRelay } from './reports/events.ts'
export type { Report, Tell } from './reports/report.ts'
export { archiveText, statusReport } from './reports/status.ts'
