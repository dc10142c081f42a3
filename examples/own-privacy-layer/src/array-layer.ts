import type {
  Arrival,
  Destination,
  IdentityKey,
  ListenTarget,
  MessageToPost,
  PrivacyLayer,
  ReceivedMessage
} from '@status-stack/interface'

/** A place on the board: whom it is for, or the secret that two people share. */
interface Route {
  readonly place: string
  readonly guarantee: ReceivedMessage['guarantee']
}

/** Where someone looks, and who alone may have written there. */
interface Interest {
  readonly place: string
  readonly arrival: Arrival
  readonly writer?: Uint8Array
}

interface Note extends Omit<ReceivedMessage, 'arrival'> {
  readonly place: string
  readonly expiry: number
}

const hex = (bytes: Uint8Array): string => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
const nowSeconds = (): number => Math.floor(Date.now() / 1000)

function placeOf(to: Destination | ListenTarget, me: IdentityKey | undefined): string {
  switch (to.kind) {
    case 'identity':
      return `identity ${hex('publicKey' in to ? to.publicKey : (me?.publicKey ?? new Uint8Array()))}`
    case 'public':
      return `chat ${to.name}`
    case 'contact-code':
      return `code ${hex(to.owner)}`
    case 'rendezvous':
      return `secret ${hex(to.secret)}`
  }
}

/** A notice board that all nodes read: no network, no envelopes, no encryption. */
export function createBoard() {
  const notes: Note[] = []
  const watchers = new Set<() => void>()
  const nodes = new Set<string>()
  let joined = 0

  /** Notes of a place that the reader has not seen, as they come. */
  async function* read(interest: Interest, from: number, signal: AbortSignal): AsyncGenerator<ReceivedMessage> {
    for (let at = from; !signal.aborted; ) {
      const note = notes[at++]
      if (note === undefined) {
        at--
        await new Promise<void>(resolve => {
          const wake = (): void => {
            watchers.delete(wake)
            resolve()
          }
          watchers.add(wake)
          signal.addEventListener('abort', wake, { once: true })
        })
      } else if (note.place === interest.place && note.expiry > nowSeconds()) {
        const { place: _, expiry: __, ...message } = note
        const { writer } = interest
        if (writer !== undefined && hex(writer) !== hex(message.signer ?? new Uint8Array())) continue
        yield { ...message, payload: message.payload.slice(), arrival: interest.arrival }
      }
    }
  }

  function pin({ route, payload, signer, lifetimeSeconds = 60 }: MessageToPost<Route>): Note {
    const hash = new Uint8Array(32)
    new DataView(hash.buffer).setUint32(28, notes.length + 1)
    const sentSeconds = nowSeconds()
    const note: Note = {
      ...route,
      payload: payload.slice(),
      ...(signer === undefined ? {} : { signer: signer.publicKey }),
      sentSeconds,
      expiry: sentSeconds + lifetimeSeconds,
      hash,
      source: 'live'
    }
    notes.push(note)
    for (const wake of [...watchers]) wake()
    return note
  }

  /** One more reader and writer of the board, as the privacy layer of a messenger. */
  return function join(): PrivacyLayer<Route, Interest> {
    const id = (++joined).toString(16).padStart(64, '0')
    const stopped = new AbortController()
    const others = (): readonly string[] => (nodes.has(id) ? [...nodes].filter(other => other !== id) : [])
    return {
      wire: { name: 'board', version: 1, codes: 1 },
      start: async () => void nodes.add(id),
      stop: async () => {
        nodes.delete(id)
        stopped.abort()
      },
      // There is no wire: a board needs no links.
      attach: async () => undefined,
      peers: () => others().map(peerId => ({ peerId, confirmations: true })),
      connected: () => others().length > 0,
      traffic: () => ({ received: notes.length, acknowledged: notes.length }),
      on: () => () => undefined,
      planRoute: async (to, { rendezvous } = {}) => ({
        place: rendezvous === undefined ? placeOf(to, undefined) : `secret ${hex(rendezvous)}`,
        guarantee: to.kind === 'identity' ? 'addressee-confidential' : 'group-readable'
      }),
      planInterest: async (me, target) => {
        const place = placeOf(target, me)
        if (target.kind === 'rendezvous')
          return { place, arrival: { kind: 'rendezvous', peer: target.peer }, writer: target.peer }
        return target.kind === 'contact-code'
          ? { place, arrival: target, writer: target.owner }
          : { place, arrival: target }
      },
      forgetInterest: async () => undefined,
      guaranteeOf: route => route.guarantee,
      payloadLimit: () => 100_000,
      post: async message => {
        message.signal?.throwIfAborted()
        const { hash, expiry } = pin(message)
        const takers = others()
        return {
          hash,
          expiry,
          sentTo: takers,
          confirmations: (async function* () {
            for (const by of takers) yield { by }
          })()
        }
      },
      subscribe: (interest, { signal } = {}) => {
        const over = signal === undefined ? stopped.signal : AbortSignal.any([signal, stopped.signal])
        return Object.assign(read(interest, 0, over), { ready: Promise.resolve() })
      }
    }
  }
}
