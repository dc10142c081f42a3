import type {
  Audience,
  DataLayer,
  PrivacyLayer,
  ReceivedMessage,
  SecurityLayer,
  SyncLayer,
  SyncPorts
} from '@status-stack/interface'
import { counted, messageIdOf } from '../ids.ts'
import type { Clock } from '../ports.ts'
import type { Judge } from '../receiving/judge-body.ts'
import type { MessageId, TraceFact } from '../types.ts'

/** Where facts about the layers go; one is built only when someone listens. */
export interface Tracer {
  readonly clock: Clock
  readonly trace: (fact: () => TraceFact | undefined) => void
}

type Told = Omit<TraceFact, 'ms' | 'layer' | 'direction' | 'messageIds'> & Partial<Pick<TraceFact, 'messageIds'>>
type Step = readonly [layer: TraceFact['layer'], direction: TraceFact['direction']]

/**
 * A function of a layer that also says what it did, once it has done it. `about` answers nothing for what is not worth a fact. The
 * layers and the flow between them know nothing of it.
 */
function traced<Args extends readonly unknown[], Result>(
  { clock, trace }: Tracer,
  [layer, direction]: Step,
  work: (...args: Args) => Promise<Result>,
  about: (result: Result, ...args: Args) => Told | undefined
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const startMs = clock.nowMs()
    const result = await work(...args)
    const ms = clock.nowMs() - startMs
    trace(() => {
      const told = about(result, ...args)
      return told && { layer, direction, messageIds: [], ms, ...told }
    })
    return result
  }
}

/** The data layer, telling what it makes. */
export function tracedData(tracer: Tracer, data: DataLayer): DataLayer {
  const outgoing: DataLayer['outgoing'] = (chat, content, context) => {
    const startMs = tracer.clock.nowMs()
    const out = data.outgoing(chat, content, context)
    tracer.trace(() => ({
      layer: 'data',
      direction: 'out',
      did: `made ${content.kind}`,
      messageIds: [messageIdOf(out.messageId)],
      bytesIn: 0,
      bytesOut: out.bytes.length,
      ms: tracer.clock.nowMs() - startMs
    }))
    return out
  }
  return { ...data, outgoing }
}

/** What sync hands down, told before it goes. */
export function tracedOutput({ trace }: Tracer, output: SyncPorts['output']): SyncPorts['output'] {
  return (peer, bytes, about) => {
    const { contains } = about
    trace(() => ({
      layer: 'sync',
      direction: 'out',
      did: contains.length === 0 ? 'acknowledgements' : `payload of ${counted(contains.length, 'message')}`,
      messageIds: contains,
      bytesIn: bytes.length,
      bytesOut: bytes.length,
      ms: 0
    }))
    return output(peer, bytes, about)
  }
}

/** The steps below sync of one message on its way out. */
export interface PostSteps<Route> {
  readonly seal: SecurityLayer['seal']
  readonly planRoute: PrivacyLayer<Route>['planRoute']
  readonly guaranteeOf: PrivacyLayer<Route>['guaranteeOf']
  readonly post: PrivacyLayer<Route>['post']
}

/** What the steps are about: only the client knows which messages are in the bytes, and for whom they are. */
export interface PostSubject {
  readonly ids: readonly MessageId[]
  readonly to: Audience
}

/** The same steps, telling what each does. */
export function tracedSteps<Route>(
  tracer: Tracer,
  { seal, planRoute, guaranteeOf, post }: PostSteps<Route>,
  { ids, to }: PostSubject
): PostSteps<Route> {
  let sealedBytes = 0
  return {
    guaranteeOf,
    seal: traced(
      tracer,
      ['pfs', 'out'],
      async (bytes, audience) => {
        const sealed = await seal(bytes, audience)
        if (sealed.kind === 'sealed') sealedBytes = sealed.bytes.length
        return sealed
      },
      (sealed, bytes) =>
        sealed.kind === 'nobody'
          ? undefined
          : {
              did: `sealed for ${to.kind}`,
              messageIds: ids,
              bytesIn: bytes.length,
              bytesOut: sealed.bytes.length,
              protection: sealed.protection
            }
    ),
    planRoute: traced(tracer, ['route', 'out'], planRoute, (route, _, hints) => ({
      did: hints?.rendezvous === undefined ? `route of ${to.kind}` : 'route of the shared rendezvous',
      messageIds: ids,
      bytesIn: sealedBytes,
      bytesOut: sealedBytes,
      protection: guaranteeOf(route)
    })),
    post: traced(tracer, ['whisper', 'out'], post, ({ sentTo }, { route, payload }) => ({
      did: `posted to ${counted(sentTo.length, 'peer')}`,
      messageIds: ids,
      bytesIn: payload.length,
      bytesOut: payload.length,
      protection: guaranteeOf(route)
    }))
  }
}

/** A handler of deliveries, each told before it is handled. One that no one signed is none of the messenger's. */
export function tracedDeliveries(
  { trace }: Tracer,
  handle: (delivery: ReceivedMessage) => Promise<void>
): (delivery: ReceivedMessage) => Promise<void> {
  return delivery => {
    const { signer, arrival, payload, guarantee } = delivery
    if (signer !== undefined)
      trace(() => ({
        layer: 'whisper',
        direction: 'in',
        did: `opened an envelope (${arrival.kind})`,
        messageIds: [],
        bytesIn: payload.length,
        bytesOut: payload.length,
        protection: guarantee,
        ms: 0
      }))
    return handle(delivery)
  }
}

/** `open` of a security layer, telling what came of it. */
export function tracedOpen<Receipt>(
  tracer: Tracer,
  open: SecurityLayer<Receipt>['open']
): SecurityLayer<Receipt>['open'] {
  return traced(tracer, ['pfs', 'in'], open, (opened, bytes) => {
    const lengths = { bytesIn: bytes.length, bytesOut: 0 }
    if (opened.kind === 'unreadable') return { did: `unreadable: ${opened.reason}`, ...lengths }
    if (opened.kind === 'nothing') return { did: 'learnt devices', ...lengths }
    return { did: 'opened', ...lengths, bytesOut: opened.bytes.length, protection: opened.protection }
  })
}

/** `receive` of a sync layer, telling what was inside. */
export function tracedReceive(tracer: Tracer, receive: SyncLayer['receive']): SyncLayer['receive'] {
  return traced(tracer, ['sync', 'in'], receive, (received, _, bytes) => {
    if (received.kind === 'not-sync') return { did: 'passed through', bytesIn: bytes.length, bytesOut: bytes.length }
    const bytesOut = received.bodies.reduce((sum, { body }) => sum + body.length, 0)
    return { did: `unwrapped ${counted(received.bodies.length, 'message')}`, bytesIn: bytes.length, bytesOut }
  })
}

/** A judge of received messages, telling what became of each. */
export function tracedJudge(tracer: Tracer, judge: Judge): Judge {
  return async (unit, body, how) => {
    const startMs = tracer.clock.nowMs()
    const outcome = await judge(unit, body, how)
    const ms = body.decodeMs + tracer.clock.nowMs() - startMs
    tracer.trace(() => ({
      layer: 'data',
      direction: 'in',
      did: outcome.kind === 'refused' ? `refused: ${outcome.reason}` : outcome.kind,
      messageIds: body.decoded.kind === 'accepted' ? [messageIdOf(body.decoded.messageId)] : [],
      bytesIn: body.bytes,
      bytesOut: 0,
      protection: how.shown,
      ms
    }))
    return outcome
  }
}
