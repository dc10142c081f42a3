/**
 * A stored conversation as a whole: read page by page, counted, and written as Markdown, HTML or JSON lines.
 *
 * @packageDocumentation
 */
export { type ExportFormat, type ExportHead, type ExportItem, exportFormats, writers } from './formats.ts'
export { type ChatStatistics, chatStatistics, statisticsText } from './statistics.ts'
export { type StoredRange, storedMessages } from './stored-messages.ts'
