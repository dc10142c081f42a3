import { type ClientVictim, victimBehind } from '../client-victim.ts'
import { attachRawPeer } from '../raw-peer.ts'
import type { Reachable } from '../reach.ts'
import type { Victim } from '../victim.ts'
import { dialDoors, dialLink, type Remote } from './doors.ts'
import { socketLink } from './socket-link.ts'
import type { ClientProcess, NodeProcess } from './victim-process.ts'

type LinkDoors = Pick<Remote<NodeProcess>, 'ended' | 'ready' | 'trust'>

/** The node of another process, over sockets. */
const reachThrough = (port: number, doors: LinkDoors): Reachable => ({
  connect: async ({ id, address }) => {
    const socket = await dialLink(port, { id, address })
    return { link: socketLink(socket, 'f'.repeat(64)), ended: doors.ended(id), cut: socket.cut }
  },
  ready: doors.ready,
  trust: doors.trust
})

/** The attacked process, by its port. */
export interface RemoteVictim<V> {
  readonly victim: V
  readonly meter: Pick<Remote<NodeProcess>, 'begin' | 'end'>
}

const nothing = async (): Promise<void> => undefined

export async function nodeVictimAt(port: number): Promise<RemoteVictim<Victim>> {
  const doors = await dialDoors<NodeProcess>(port)
  const reach = reachThrough(port, doors)
  const victim = {
    ...(await doors.facts()),
    reach,
    join: (options?: Parameters<Victim['join']>[0]) => attachRawPeer(reach, options),
    call: doors.call,
    stop: nothing
  }
  return { victim, meter: doors }
}

export async function clientVictimAt(port: number): Promise<RemoteVictim<ClientVictim>> {
  const doors = await dialDoors<ClientProcess>(port)
  return { victim: await victimBehind(doors, reachThrough(port, doors), nothing), meter: doors }
}
