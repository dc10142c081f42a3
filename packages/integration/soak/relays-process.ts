// The process of the relays: `relays-process.ts MINUTES RATE`. Also the traffic, and the peers that are slow or hostile.
import { serveDoors } from '../fairness/processes/doors.ts'
import { socketLink } from '../fairness/processes/socket-link.ts'
import { createMesh } from './mesh.ts'
import { createSampler, type Sampler } from './sampler.ts'
import { stepEveryMs } from './steps.ts'

const [, , minutesText, rate] = process.argv
const minutes = Number(minutesText)
const mesh = await createMesh({ rate: Number(rate), minutes })
let guests = 0
let sampler: Sampler | undefined
let steps: NodeJS.Timeout | undefined

const doors = {
  begin: (): void => {
    const watch = createSampler(minutes)
    sampler = watch
    mesh.begin()
    steps = setInterval(() => {
      mesh.step()
      watch.step()
    }, stepEveryMs)
  },
  finish: async () => {
    clearInterval(steps)
    const sampled = sampler?.finish()
    return { ...(await mesh.finish()), ...sampled }
  }
}
export type RelaysProcess = typeof doors

serveDoors(doors, (socket, { id }) => {
  guests += 1
  mesh
    .attach(socketLink(socket, id), guests)
    .catch(() => undefined)
    .finally(socket.end)
})
