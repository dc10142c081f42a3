// Our ratchet and the whole sealer, rows of status-go's encryption.   node ratchet.mjs [native|noble] [units]
import { ratchetPairs, settled } from '../../../../tools/bench-ratchets.mjs'
import { ours } from './packages.mjs'

const [backend = 'auto', count = '300'] = process.argv.slice(2)
const units = Number(count)
const crypto = await ours('crypto')
const pairs = ratchetPairs({
  crypto,
  pfs: await ours('status-pfs'),
  primitives: await ours('status-pfs', 'primitives')
})
if (backend === 'noble') {
  crypto.useEcBackend('noble')
  crypto.useHashBackend('js')
}
const cpu = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}
const text = new Uint8Array(300)

async function measure(name, make) {
  for (const counted of [false, true]) {
    let start
    let before
    const begin = () => {
      start = performance.now()
      before = cpu()
    }
    const say = row => {
      const micros = ((performance.now() - start) * 1000) / units
      if (counted) console.log(JSON.stringify({ row: `${row}, ${name}`, micros, cpuMicros: (cpu() - before) / units }))
    }
    let { alice, bob } = await settled(make, text)
    const messages = []
    begin()
    for (let i = 0; i < units; i++) messages.push(await alice.encrypt(text.slice()))
    say('seal')
    begin()
    for (const message of messages) await bob.decrypt(message)
    say('open')
    ;({ alice, bob } = await settled(make, text))
    begin()
    for (let i = 0; i < units; i += 2) {
      await bob.decrypt(await alice.encrypt(text.slice()))
      await alice.decrypt(await bob.encrypt(text.slice()))
    }
    say('DH step, there and opened')
  }
}

await measure('ratchet step', pairs.inMemory)
await measure('whole layer', pairs.sealers)
