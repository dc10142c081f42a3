import { events } from './events.ts'
import type { Method } from './method.ts'

/**
 * The table of methods for a page of documentation: one row per method.
 *
 * @example
 * ```ts
 * await writeFile('methods.md', methodTable(methods))
 * ```
 */
export function methodTable(methods: Readonly<Record<string, Method>>): string {
  const rows = Object.entries(methods).map(([name, { doc, params, result }]) => {
    const names = Object.keys(params).map(param => `\`${param}\``)
    return `| \`${name}\` |${names.length === 0 ? '' : ` ${names.join(', ')}`} | ${doc} | ${result.doc} |`
  })
  return ['| method | parameters | what it does | result |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

/**
 * The table of events for a page of documentation.
 *
 * @example
 * ```ts
 * await writeFile('events.md', eventTable())
 * ```
 */
export function eventTable(): string {
  const rows = Object.entries(events).map(([name, doc]) => `| \`${name}\` | ${doc} |`)
  return ['| event | when |', '| --- | --- |', ...rows].join('\n')
}

/**
 * The same for a terminal: `send chat [text] …`, one line per method; optional parameters are in brackets.
 *
 * @example
 * ```ts
 * for (const line of methodLines(methods)) console.log(line)
 * ```
 */
export function methodLines(methods: Readonly<Record<string, Method>>): readonly string[] {
  return Object.entries(methods).map(([name, { params }]) => {
    const words = Object.entries(params).map(([param, { optional }]) => (optional ? `[${param}]` : param))
    return [name, ...words].join(' ')
  })
}
