import type { Person } from '../../support/person.ts'
import type { Setting, Stage } from './stage.ts'

/** What we are in a scenario. */
export type Role = 'messenger' | 'one of two devices' | 'relay' | 'mailserver' | 'Whisper node'

/** Whom we are tried against; with its version in the page. */
export type Peer = 'status-go messenger' | 'status-go Whisper' | 'geth' | 'geth and status-go Whisper'

/** Who begins, or what flows where. `both` where a scenario goes both ways in one. */
export type Direction = 'ours → theirs' | 'theirs → ours' | 'theirs → theirs' | 'both'

/** One row of docs/interop.md, and one test for each direction and setting. */
export interface Scenario {
  readonly role: Role
  readonly peer: Peer
  readonly name: string
  readonly directions: readonly Direction[]
  readonly settings: readonly Setting[]
  readonly play: (stage: Stage, direction: Direction) => Promise<void>
}

export const eachWay: readonly Direction[] = ['ours → theirs', 'theirs → ours']

/** Every setting in which two people can meet. */
export const everySetting: readonly Setting[] = [
  { relay: 'ours', datasync: 'both' },
  { relay: 'ours', datasync: 'only ours' },
  { relay: 'ours', datasync: 'neither' },
  { relay: 'geth', datasync: 'both' },
  { relay: 'geth', datasync: 'only ours' }
]

export const throughOurs = everySetting.slice(0, 3)
export const datasyncAtBoth = everySetting.slice(0, 1)
/** Where no two people meet, nothing is to be set. */
export const noPeople: readonly Setting[] = [{ relay: 'none', datasync: 'neither' }]

/** The setting as the page has it at the head of a column. */
export const settingName = ({ relay, datasync }: Setting): string =>
  relay === 'none' ? 'no relay between' : `relay ${relay}, datasync ${datasync}`

/** The first person of a scenario is on the side it names first. */
export async function pairOf(stage: Stage, direction: Direction): Promise<{ from: Person; to: Person }> {
  const [here, there] = direction.split(' → ') as [Person['side'], Person['side']]
  const [from, to] = [await stage.person(here, 'Alice'), await stage.person(there, 'Bob')]
  await from.openChat(to.key)
  await to.openChat(from.key)
  return { from, to }
}
