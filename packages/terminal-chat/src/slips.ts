import { slipsBetween } from '@status-stack/utils'
import { type CommandName, commandRows } from './command-table.ts'

/** The command that was meant by a name that does not exist: one that begins so, else one that differs by a slip. */
export function meantCommand(name: string): CommandName | undefined {
  const names = commandRows.map(([known]) => known)
  const longer = name.length < 2 ? undefined : names.find(known => known.startsWith(name))
  if (longer !== undefined) return longer
  const [nearest] = names
    .map(known => ({ known, distance: slipsBetween(name.toLowerCase(), known) }))
    .sort((a, b) => a.distance - b.distance)
  return nearest !== undefined && nearest.distance <= Math.max(1, Math.floor(name.length / 3))
    ? nearest.known
    : undefined
}
