// Makes objects that stay, in many turns, when SIGUSR2 comes; then says how large the young generation is.
import { setImmediate as turn } from 'node:timers/promises'
import { getHeapSpaceStatistics } from 'node:v8'

process.on('SIGUSR2', async () => {
  const kept = []
  for (let i = 0; i < 400; i++) {
    kept.push(Array.from({ length: 4000 }, (_, at) => ({ i, at, next: kept[0] })))
    await turn()
  }
  const { space_size: bytes } = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  console.error(`${kept.length} young ${bytes}`)
})
