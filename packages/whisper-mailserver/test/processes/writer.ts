// Puts batch after batch until it is killed; says on stdout which ones were acknowledged.
import { createLevelStore } from '../../src/level/index.ts'

const [location = '', first = '0', size = '1'] = process.argv.slice(2)
const store = createLevelStore({ location })
await store.open()
for (let batch = Number(first); ; batch++) {
  await store.put(
    Array.from({ length: Number(size) }, (_, i) => {
      const hash = new Uint8Array(32)
      new DataView(hash.buffer).setUint32(0, batch)
      new DataView(hash.buffer).setUint32(4, i)
      const bytes = new Uint8Array(400 + i).fill(batch)
      return { bytes, hash, topic: new Uint8Array(4), sentSeconds: 1_600_000_000, expirySeconds: 1_600_000_010 }
    })
  )
  process.stdout.write(`${batch}\n`)
}
