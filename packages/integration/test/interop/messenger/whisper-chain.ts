import { utf8Bytes } from '@status-stack/crypto'
import { vectorHex } from '@status-stack/vectors'
import type { Route } from '@status-stack/whisper'
import { planInterest, planRoute } from '@status-stack/whisper/status'
import { expect } from 'vitest'
import type { GoProgram } from '../../support/go-program.ts'
import type { ShhNode } from '../../support/shh-node.ts'
import { until } from '../../support/until.ts'
import { eachWay, noPeople, type Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'
import { symmetricKeyOf } from './whisper-pair.ts'

const count = 1000
const requirement = 0.0001
const pow = { target: 0.002, timeSeconds: 10 }
const ttlSeconds = 120
const chat = { kind: 'public', name: 'interop-chain' } as const

interface Chain {
  readonly geth: GoProgram
  /** Our node at the other end. */
  readonly end: ShhNode
  readonly route: Route
}

/** geth – ours – status-go's Whisper – ours: every envelope passes two implementations that are not the one of its end. */
async function chainOf(stage: Stage): Promise<Chain> {
  const [middle, end] = [await stage.node({ minPow: requirement }), await stage.node({ minPow: requirement })]
  const minPow = ['-minpow', String(requirement)]
  const [geth, status] = [await stage.geth('geth', minPow), await stage.geth('status-go', minPow)]
  geth.tell({ do: 'dial', enode: middle.enode() })
  for (const node of [middle, end]) status.tell({ do: 'dial', enode: node.enode() })
  await until('the chain', () => middle.whisper.peers().length === 2 && end.whisper.peers().length === 1)
  return { geth, end, route: await planRoute(chat) }
}

const payloads = Array.from({ length: count }, (_, number) => utf8Bytes(`${number} ${'x'.repeat(200)}`))
const inOrder = (found: readonly string[]): readonly string[] => [...found].sort()

async function fromGeth({ geth, end, route }: Chain): Promise<void> {
  const interest = await planInterest(end.identity, chat)
  const deliveries = end.whisper.subscribe(interest)
  await deliveries.ready
  const heard: string[] = []
  const listening = (async () => {
    for await (const { payload } of deliveries) heard.push(vectorHex(payload))
  })()
  const common = {
    do: 'post',
    symKey: symmetricKeyOf(route),
    topic: vectorHex(route.topic),
    ttl: ttlSeconds,
    pow: pow.target
  }
  for (const payload of payloads) geth.tell({ ...common, payload: vectorHex(payload) })
  await until(`${count} envelopes of geth`, () => heard.length >= count, 180_000)
  await end.whisper.stop()
  await listening
  expect(inOrder(heard)).toEqual(inOrder(payloads.map(vectorHex)))
}

async function toGeth({ geth, end, route }: Chain): Promise<void> {
  geth.tell({ do: 'listen', symKey: symmetricKeyOf(route), topic: vectorHex(route.topic) })
  await geth.event('the filter', ({ event, do: what }) => event === 'done' && what === 'listen')
  for (const payload of payloads) await end.whisper.post({ route, payload, pow, ttlSeconds })
  const heard = (): string[] =>
    geth.events.filter(({ event }) => event === 'message').map(({ payload }) => String(payload))
  await until(`${count} envelopes at geth`, () => heard().length >= count, 180_000)
  expect(inOrder(heard())).toEqual(inOrder(payloads.map(vectorHex)))
}

/** Relaying. */
export const chains: readonly Scenario[] = [
  {
    role: 'Whisper node',
    peer: 'geth and status-go Whisper',
    name: 'chain geth – ours – status-go – ours, 1 000 envelopes, each once',
    directions: eachWay,
    settings: noPeople,
    play: async (stage, direction) => {
      const chain = await chainOf(stage)
      await (direction === 'ours → theirs' ? toGeth(chain) : fromGeth(chain))
    }
  }
]
