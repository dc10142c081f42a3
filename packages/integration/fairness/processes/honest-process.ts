// Honest people, in a process of their own: what they see is not what the attacker's collector of garbage does to them.
import { startHonestFriend } from '../honest-friend.ts'
import { startHonestPair } from '../honest-pair.ts'
import type { HonestTalk } from '../honest-talk.ts'
import { serveDoors } from './doors.ts'
import { clientVictimAt, nodeVictimAt } from './remote-victim.ts'

const [, , kind, port] = process.argv

async function starter(): Promise<() => Promise<HonestTalk>> {
  if (kind === 'client') {
    const { victim } = await clientVictimAt(Number(port))
    return () => startHonestFriend(victim)
  }
  const { victim } = await nodeVictimAt(Number(port))
  return () => startHonestPair(victim)
}

function honestDoors(start: () => Promise<HonestTalk>) {
  let talk: HonestTalk | undefined
  return {
    start: async () => {
      talk = await start()
    },
    begin: () => talk?.begin(),
    stop: async () => (await talk?.stop()) ?? { waits: [], lost: 0 }
  }
}

export type HonestProcess = ReturnType<typeof honestDoors>

serveDoors(honestDoors(await starter()))
