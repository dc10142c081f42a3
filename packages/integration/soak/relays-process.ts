// A process of relays: `relays-process.ts INDEX PROCESSES MINUTES RATE MARK`. Also its share of the traffic, and peers that are slow or hostile.
import { serveDoors } from '../fairness/processes/doors.ts'
import { socketLink } from '../fairness/processes/socket-link.ts'
import { createMesh } from './mesh.ts'
import { createSampler, memoryNow, type Sampler } from './sampler.ts'
import { stepEveryMs } from './steps.ts'

const [index = 0, processes = 1, minutes = 1, rate = 1] = process.argv.slice(2).map(Number)
const mark = process.argv[6] ?? ''
const mesh = await createMesh({ index, processes, minutes, rate, mark })
let sampler: Sampler | undefined
let steps: NodeJS.Timeout | undefined

const doors = {
  connect: mesh.connect,
  begin: (): void => {
    const watch = createSampler(minutes, mesh.pooled)
    sampler = watch
    mesh.begin()
    steps = setInterval(() => {
      mesh.step()
      watch.step()
    }, stepEveryMs)
  },
  /** Ends the traffic. */
  finish: () => {
    clearInterval(steps)
    return { ...mesh.end(), ...sampler?.finish() }
  },
  missing: mesh.ledger.missing,
  pooled: mesh.pooled,
  memory: memoryNow
}
export type RelaysProcess = typeof doors

serveDoors(doors, (socket, { id, node = 0 }) => {
  mesh
    .attach(socketLink(socket, id), node)
    .catch(() => undefined)
    .finally(socket.end)
})
