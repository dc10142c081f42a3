import type { Output } from '../output.ts'
import type { Fact, Person } from './process.ts'

/** Layer names as the architecture picture has them, top to bottom. */
const layerNames: Readonly<Record<string, string>> = {
  data: 'data',
  store: 'store',
  sync: 'sync',
  pfs: 'security',
  route: 'route',
  whisper: 'privacy'
}

interface Traffic {
  readonly before: Fact
  readonly after: Fact
}

/** One line per layer: what it did with this message, sizes, protection, time. */
export function printLayers(
  output: Output,
  person: Person,
  from: number,
  direction: 'out' | 'in',
  messageId: string,
  traffic?: Traffic
): void {
  const facts = direction === 'out' ? outgoing(person, from, messageId) : incoming(person, from, messageId)
  for (const fact of facts) {
    const { layer, did, bytesIn, bytesOut, protection, ms } = fact as Fact & {
      layer: string
      did: string
      bytesIn: number
      bytesOut: number
      protection?: string
      ms: number
    }
    line(person.name, layerNames[layer] ?? layer, did, bytesIn, bytesOut, protection, ms)
  }
  if (traffic) {
    const [frames, bytes] = direction === 'out' ? ['framesOut', 'bytesOut'] : ['framesIn', 'bytesIn']
    const count = Number(traffic.after[frames]) - Number(traffic.before[frames])
    const size = Number(traffic.after[bytes]) - Number(traffic.before[bytes])
    const did = `${direction === 'out' ? 'sent' : 'took'} ${count} RLPx frames ${direction === 'out' ? 'to' : 'from'} the relay, acknowledgements included`
    output.note(
      { event: 'layer', person: person.name, layer: 'p2p', direction, did, bytes: size },
      `     ${person.name.padEnd(6)} ${'p2p'.padEnd(9)} ${did}  ${size} B`
    )
  }

  function line(
    name: string,
    layer: string,
    did: string,
    bytesIn: number,
    bytesOut: number,
    protection: string | undefined,
    ms: number
  ): void {
    output.note(
      {
        event: 'layer',
        person: name,
        layer,
        direction,
        did,
        bytesIn,
        bytesOut,
        ...(protection === undefined ? {} : { protection }),
        ms
      },
      `     ${name.padEnd(6)} ${layer.padEnd(9)} ${did}  ${bytesIn} → ${bytesOut} B${protection === undefined ? '' : `, ${protection}`}, ${ms.toFixed(1)} ms`
    )
  }
}

const isTrace = (fact: Fact, direction: 'out' | 'in'): boolean =>
  fact.event === 'trace' && fact['direction'] === direction
const concerns = (fact: Fact, messageId: string): boolean =>
  (fact['messageIds'] as readonly string[]).includes(messageId)

function outgoing(person: Person, from: number, messageId: string): readonly Fact[] {
  return person.facts.slice(from).filter(fact => isTrace(fact, 'out') && concerns(fact, messageId))
}

/** Only the data layer knows which message it has; what the layers below did with its envelope comes right before. */
function incoming(person: Person, from: number, messageId: string): readonly Fact[] {
  const facts = person.facts.slice(from).filter(fact => isTrace(fact, 'in'))
  const last = facts.findIndex(fact => fact['layer'] === 'data' && concerns(fact, messageId))
  const first = facts.slice(0, last).findLastIndex(fact => fact['layer'] === 'whisper')
  return first === -1 ? facts.slice(last, last + 1) : facts.slice(first, last + 1)
}
