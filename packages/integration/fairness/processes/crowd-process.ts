// The node's other peers: they want everything, and do nothing with it.
import { joinCrowd } from '../victim.ts'
import { serveDoors } from './doors.ts'
import { nodeVictimAt } from './remote-victim.ts'

const [, , port, count] = process.argv
const { victim } = await nodeVictimAt(Number(port))
await joinCrowd(victim.join, Number(count))
serveDoors({})
