// The attacked process: a node, or a messenger, and nothing else.
import { startClientVictim } from '../client-victim.ts'
import { createMeter } from '../meter.ts'
import { type Attachable, attachTo, takenIn } from '../reach.ts'
import { fullSize, startVictim } from '../victim.ts'
import { type Link, serveDoors } from './doors.ts'
import type { FrameSocket } from './frames.ts'
import { socketLink } from './socket-link.ts'

/** How a link ended, or will end. */
interface End {
  readonly code: Promise<string | undefined>
  readonly tell: (code: string | undefined) => void
}

function createEnd(): End {
  let tell: End['tell'] = () => undefined
  const code = new Promise<string | undefined>(resolve => {
    tell = resolve
  })
  return { code, tell }
}

/** What happens to the links that this process was sent. */
function linksTo(node: Attachable) {
  const ends = new Map<string, End>()
  // A question about a link may come before the link does.
  const endOf = (peerId: string): End => {
    const end = ends.get(peerId) ?? createEnd()
    ends.set(peerId, end)
    return end
  }
  return {
    onLink: (socket: FrameSocket, { id, address }: Link): void => {
      void attachTo(node, socketLink(socket, id, address)).then(code => {
        endOf(id).tell(code)
        socket.end()
      })
    },
    doors: {
      ended: (peerId: string): Promise<string | undefined> => endOf(peerId).code,
      ready: (peerId: string): Promise<void> => takenIn(node, peerId, endOf(peerId).code),
      trust: (peerId: string): void => node.trustPeer?.(peerId)
    }
  }
}

async function nodeDoors() {
  const { node, call, sharedTopic, ownTopic, ownKey, identityTopic } = await startVictim({ ...fullSize, peers: 0 })
  const { onLink, doors } = linksTo(node)
  const facts = { sharedTopic, ownTopic, ownKey, identityTopic }
  return { onLink, doors: { ...createMeter(), ...doors, facts: () => facts, call } }
}

async function clientDoors() {
  const { node, doors: client } = await startClientVictim()
  const { onLink, doors } = linksTo(node)
  return { onLink, doors: { ...createMeter(), ...doors, ...client } }
}

export type NodeProcess = Awaited<ReturnType<typeof nodeDoors>>['doors']
export type ClientProcess = Awaited<ReturnType<typeof clientDoors>>['doors']

if (process.argv[2] === 'client') {
  const { onLink, doors } = await clientDoors()
  serveDoors(doors, onLink)
} else {
  const { onLink, doors } = await nodeDoors()
  serveDoors(doors, onLink)
}
