import { vectorHex } from '@status-stack/vectors'
import type { Route } from '@status-stack/whisper'
import { planRoute } from '@status-stack/whisper/status'
import type { Implementation } from '../../support/geth.ts'
import type { GoProgram } from '../../support/go-program.ts'
import type { ShhNode } from '../../support/shh-node.ts'
import { until } from '../../support/until.ts'
import type { Stage } from './stage.ts'

/** One of two linked nodes. Hashes are 0x and 64 hex digits. */
export interface WhisperSide {
  /** Posts on a route, with so much work. @throws what the node says against it */
  readonly post: (route: Route, payload: Uint8Array, pow: number) => Promise<string>
  readonly has: (hash: string) => boolean
  readonly setMinPow: (pow: number) => Promise<void>
  /** @param bloom 64 bytes */
  readonly setBloom: (bloom: Uint8Array) => Promise<void>
}

export interface WhisperPair {
  readonly ours: WhisperSide
  readonly theirs: WhisperSide
  readonly node: ShhNode
  readonly geth: GoProgram
  readonly wanted: Route
  readonly other: Route
}

/** What both ask for at first. */
export const least = 0.000001
/** Seconds: what is held back must not expire while it is looked for. */
const ttl = 60

export const symmetricKeyOf = ({ key }: Route): string => {
  if (key.kind !== 'symmetric') throw new Error('a public chat has a symmetric key')
  return vectorHex(key.key)
}

function ourSide({ whisper }: ShhNode): WhisperSide {
  const pooled = new Set<string>()
  whisper.on('envelopepooled', fact => pooled.add(fact.hash.replace(/^0x/, '')))
  return {
    post: async (route, payload, target) => {
      const posted = await whisper.post({ route, payload, pow: { target, timeSeconds: 20 }, ttlSeconds: ttl })
      return vectorHex(posted.hash)
    },
    has: hash => pooled.has(hash.slice(2)),
    setMinPow: pow => whisper.setMinPow(pow),
    setBloom: bloom => whisper.setBloomFilter(bloom)
  }
}

function theirSide(geth: GoProgram, { whisper }: ShhNode): WhisperSide {
  /** What was said in answer to a command; commands are obeyed one after another. */
  const answer = async (command: Readonly<Record<string, unknown>>) => {
    const before = geth.events.length
    geth.tell(command)
    const said = await geth.event(
      `an answer to ${String(command['do'])}`,
      event => ['posted', 'done', 'failed'].includes(event.event) && geth.events.indexOf(event) >= before
    )
    if (said.event === 'failed') throw new Error(String(said['reason']))
    return said
  }
  return {
    post: async (route, payload, pow) => {
      const about = { symKey: symmetricKeyOf(route), topic: vectorHex(route.topic), payload: vectorHex(payload) }
      return String((await answer({ do: 'post', ttl, pow, ...about }))['hash'])
    },
    has: hash => geth.events.some(event => event.event === 'pooled' && event['hash'] === hash),
    setMinPow: async pow => {
      await answer({ do: 'pow', pow })
      await until('us to know their minimum', () => whisper.peers()[0]?.minPow === pow)
    },
    setBloom: async bloom => {
      await answer({ do: 'bloom', bloom: vectorHex(bloom) })
      const full = bloom.every(byte => byte === 0xff)
      await until('us to know their filter', () => whisper.peers()[0]?.fullNode === full)
    }
  }
}

/** Two linked nodes. @param flags of the Go program */
export async function whisperPair(
  stage: Stage,
  implementation: Implementation,
  flags: readonly string[] = []
): Promise<WhisperPair> {
  const [node, geth] = [await stage.node(), await stage.geth(implementation, ['-minpow', String(least), ...flags])]
  const [wanted, other] = await Promise.all(
    ['interop-wanted', 'interop-other'].map(name => planRoute({ kind: 'public', name }))
  )
  geth.tell({ do: 'dial', enode: node.enode() })
  await until('the link', () => node.whisper.peers().length === 1)
  return {
    ours: ourSide(node),
    theirs: theirSide(geth, node),
    node,
    geth,
    wanted: wanted as Route,
    other: other as Route
  }
}
