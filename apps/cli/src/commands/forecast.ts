import { count, positive } from '@status-stack/command-line'
import { type Context, defineCommand } from '../command.ts'
import { flag } from '../flags.ts'

interface ForecastOptions {
  readonly users: number
  readonly topics: number
  readonly peers: number
  readonly bytes: number
  readonly envelopes: number
  readonly pow: number
  readonly ttl: number
}

/** What one's own settings cost and hide, with formulas. */
export const forecast = defineCommand({
  name: 'forecast',
  summary: 'what a network of some size costs you, and among how many you hide, with the formulas',
  flags: [
    flag('--users <number>', 'people in the network', { parse: count, fallback: 10_000 }),
    flag('--topics <number>', 'topics that you listen to', { parse: count, fallback: 100 }),
    flag('--peers <number>', 'peers that send to you', { parse: count, fallback: 2 }),
    flag('--bytes <number>', 'bytes of an envelope', { parse: count, fallback: 1024 }),
    flag('--envelopes <number>', 'envelopes that each receives a day', { parse: count, fallback: 1000 }),
    flag('--pow <number>', 'proof of work that relays ask for', { parse: positive, fallback: 0.002 }),
    flag('--ttl <seconds>', 'how long an envelope lives', { parse: count, fallback: 15 })
  ],
  examples: [
    ['a hundred topics among ten thousand people', 'forecast --topics 100 --users 10000'],
    ['more work, longer lives', 'forecast --pow 0.2 --ttl 60']
  ],
  load: () => import('@status-stack/simulator/presets'),
  run: async ({ options, output }: Context<ForecastOptions>, kit) => {
    const { users, topics, peers, bytes: envelopeBytes, envelopes: envelopesPerUser, pow, ttl: ttlSeconds } = options
    const facts = await kit.forecast({ users, topics, peers, envelopeBytes, envelopesPerUser, pow, ttlSeconds })
    for (const fact of facts) {
      const { name, unit, formula } = fact
      // The model is not better than this.
      const value = Number(fact.value.toPrecision(4))
      output.data({ event: 'forecast', name, value, unit, formula }, `${name}: ${value} ${unit} = ${formula}`)
    }
  }
})
