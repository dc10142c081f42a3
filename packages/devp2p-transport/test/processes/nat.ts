// Maps two ports through whatever gateway this network namespace has; stops when standard input ends.
import { createNat } from '../../src/nat/index.ts'

const [nat = 'any', listenAddress = '0.0.0.0'] = process.argv.slice(2)
const print = (event: string, facts: object = {}): void => {
  process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`)
}
const mapping = createNat({}, { nat, listenAddress, tcpPort: 30_303, udpPort: 30_304 })
await mapping.start()
print('mapped', { address: mapping.externalAddress() ?? '', mappings: mapping.mappings() })
process.stdin.resume()
await new Promise<void>(resolve => process.stdin.once('data', () => resolve()))
await mapping.stop()
print('stopped')
// Nothing may be left that keeps the process alive; the test waits for its end.
process.stdin.destroy()
