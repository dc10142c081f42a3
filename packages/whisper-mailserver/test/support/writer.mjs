// Puts envelopes until it is killed; says on stdout which batches were acknowledged. Run on the built package.
import { createLevelStore } from '../../dist/level.js'

const [location, batchSize] = process.argv.slice(2)
const store = createLevelStore({ location })
await store.open()
for (let batch = 0; ; batch++) {
  await store.put(
    Array.from({ length: Number(batchSize) }, (_, i) => {
      const hash = new Uint8Array(32)
      new DataView(hash.buffer).setUint32(0, batch * Number(batchSize) + i)
      return { bytes: new Uint8Array(500).fill(batch), hash, topic: new Uint8Array(4), sentSeconds: 1_600_000_000, expirySeconds: 1_600_000_010 }
    })
  )
  process.stdout.write(`${batch}\n`)
}
