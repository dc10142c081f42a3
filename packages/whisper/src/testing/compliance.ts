import { prepareNonceSearch } from '@status-stack/crypto'
import type { Archived, ArchivePort, Packet, PeerLink, Scheduler } from '../ports.ts'
import type { PowSearcher } from '../search/searcher.ts'

/** One clause of a contract. `run` rejects when it is broken; no test runner is needed. */
export interface ComplianceCase {
  readonly name: string
  readonly run: () => Promise<void>
}

function check(holds: boolean, text: string): void {
  if (!holds) throw new Error(text)
}

/** Rejects when a promise takes longer than five seconds: broken implementations hang more often than they throw. */
async function soon<T>(promise: Promise<T>, text: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${text}: nothing happened for 5 s`)), 5000)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Both ends of one link, as a transport connects them. */
export interface LinkEnds {
  readonly a: PeerLink
  readonly b: PeerLink
}

async function take(reader: AsyncIterator<Packet>, count: number): Promise<readonly Packet[]> {
  const packets: Packet[] = []
  while (packets.length < count) {
    const next = await soon(reader.next(), 'packets')
    if (next.done === true) throw new Error(`packets: ended after ${packets.length} of ${count}`)
    packets.push(next.value)
  }
  return packets
}

const reader = (link: PeerLink): AsyncIterator<Packet> => link.packets()[Symbol.asyncIterator]()

/** The contract of {@link PeerLink}. `connect` answers a fresh pair of connected ends each time. */
export function peerLinkCases(connect: () => Promise<LinkEnds>): readonly ComplianceCase[] {
  return [
    {
      name: 'packets arrive whole, in order, with their code',
      run: async () => {
        const { a, b } = await connect()
        const from = reader(b)
        const sent = Array.from({ length: 50 }, (_, i) => ({ code: i % 128, payload: new Uint8Array(i * 7).fill(i) }))
        for (const { code, payload } of sent) await a.send(code, payload)
        const got = await take(from, sent.length)
        for (const [i, packet] of got.entries()) {
          check(packet.code === sent[i]?.code, `packet ${i}: wrong code`)
          check(
            packet.payload.length === i * 7 && packet.payload.every(byte => byte === i),
            `packet ${i}: wrong payload`
          )
        }
        await a.close('done')
      }
    },
    {
      name: 'codes up to 127 and payloads of 1 MiB pass, empty ones too',
      run: async () => {
        const { a, b } = await connect()
        const from = reader(a)
        void b.send(127, new Uint8Array(1 << 20).fill(9))
        void b.send(0, new Uint8Array(0))
        const [large, empty] = await take(from, 2)
        check(large?.code === 127 && large.payload.length === 1 << 20, 'large packet')
        check(empty?.code === 0 && empty.payload.length === 0, 'empty packet')
        await b.close('done')
      }
    },
    {
      name: 'changing a sent payload afterwards changes nothing',
      run: async () => {
        const { a, b } = await connect()
        const from = reader(b)
        const payload = Uint8Array.of(1, 2, 3)
        await a.send(1, payload)
        payload.fill(0)
        const [packet] = await take(from, 1)
        check(packet?.payload.join() === '1,2,3', 'payload')
        await a.close('done')
      }
    },
    {
      name: 'packets sent before anybody reads are kept',
      run: async () => {
        const { a, b } = await connect()
        await a.send(5, Uint8Array.of(1))
        await new Promise(resolve => setTimeout(resolve, 20))
        const [packet] = await take(reader(b), 1)
        check(packet?.code === 5, 'first packet')
        await b.close('done')
      }
    },
    {
      name: 'closing either end ends the packets of both, and sends are refused',
      run: async () => {
        const { a, b } = await connect()
        const readers = [reader(a), reader(b)]
        await soon(a.close('subprotocol-error'), 'close')
        for (const each of readers) check((await soon(each.next(), 'end')).done === true, 'packets go on')
        for (const end of [a, b]) {
          const refused = await soon(
            end.send(1, new Uint8Array(1)).then(
              () => false,
              () => true
            ),
            'send'
          )
          check(refused, 'send resolved on a closed link')
        }
        await soon(a.close('done'), 'closing twice')
        await soon(b.close('done'), 'closing the other end')
      }
    },
    {
      name: 'send waits while the peer reads nothing, and gives up at its signal',
      run: async () => {
        const { a, b } = await connect()
        const stop = new AbortController()
        let waiting = true
        let sent = 0
        const sending = (async () => {
          try {
            // 256 MiB in all: no buffer may take that.
            for (let i = 0; i < 4096; i++) {
              await a.send(1, new Uint8Array(1 << 16), { signal: stop.signal })
              sent += 1
            }
          } catch {
            waiting = false
          }
        })()
        await new Promise(resolve => setTimeout(resolve, 300))
        check(waiting && sent < 4096, `all ${sent} packets were taken from a peer that reads nothing`)
        stop.abort(new Error('enough'))
        await soon(sending, 'abort')
        check(!waiting, 'send went on after its signal')
        await b.close('done')
      }
    },
    {
      name: 'the ends name their peer: 64 hex digits each',
      run: async () => {
        const { a, b } = await connect()
        for (const end of [a, b]) check(/^[0-9a-f]{64}$/.test(end.peerId), `peerId: ${end.peerId.slice(0, 80)}`)
        check(a.peerId !== b.peerId, 'both ends name the same peer')
        await a.close('done')
      }
    }
  ]
}

/** The contract of {@link Scheduler}, for one that runs on real time. */
export function schedulerCases(create: () => Scheduler): readonly ComplianceCase[] {
  const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
  return [
    {
      name: 'calls back once, not in the call itself, the earlier one first',
      run: async () => {
        const scheduler = create()
        const calls: string[] = []
        scheduler.after(60, () => calls.push('later'))
        scheduler.after(1, () => calls.push('sooner'))
        scheduler.after(0, () => calls.push('now'))
        check(calls.length === 0, 'called back in the call')
        await pause(300)
        check([...calls].sort().join() === 'later,now,sooner', `calls: ${calls.join()}`)
        check(calls.at(-1) === 'later', `order: ${calls.join()}`)
      }
    },
    {
      name: 'a cancelled timer stays silent; cancelling twice or late is harmless',
      run: async () => {
        const scheduler = create()
        let calls = 0
        const cancel = scheduler.after(20, () => {
          calls += 1
        })
        cancel()
        cancel()
        const late = scheduler.after(1, () => undefined)
        await pause(150)
        late()
        check(calls === 0, 'a cancelled timer fired')
      }
    }
  ]
}

function archivedEnvelope(number: number): Archived {
  return {
    bytes: new Uint8Array(100 + number).fill(number),
    hash: new Uint8Array(32).fill(number),
    topic: new Uint8Array(4).fill(number),
    sentSeconds: 1_600_000_000 + number,
    expirySeconds: 1_600_000_010 + number
  }
}

/** The contract of {@link ArchivePort}. `stored` answers the hashes (hex) that the archive holds. */
export function archivePortCases(
  create: () => Promise<{ readonly port: ArchivePort; readonly stored: () => Promise<readonly string[]> }>
): readonly ComplianceCase[] {
  const hex = (number: number): string => number.toString(16).padStart(2, '0').repeat(32)
  return [
    {
      name: 'when accept resolves, every envelope is stored',
      run: async () => {
        const { port, stored } = await create()
        await port.accept([1, 2, 3].map(archivedEnvelope))
        check([...(await stored())].sort().join() === [1, 2, 3].map(hex).join(), 'not everything was stored')
      }
    },
    {
      name: 'the same envelope twice, in one call or two, is stored once',
      run: async () => {
        const { port, stored } = await create()
        await port.accept([archivedEnvelope(1), archivedEnvelope(1)])
        await port.accept([archivedEnvelope(1)])
        check((await stored()).length === 1, 'stored more than once')
      }
    },
    {
      name: 'nothing to store is fine, and calls may overlap',
      run: async () => {
        const { port, stored } = await create()
        await port.accept([])
        await Promise.all([1, 2, 3, 4].map(number => port.accept([archivedEnvelope(number)])))
        check((await stored()).length === 4, 'an overlapping call was lost')
      }
    }
  ]
}

/** The contract of {@link PowSearcher}. */
export function powSearcherCases(create: () => PowSearcher): readonly ComplianceCase[] {
  const prefix = new Uint8Array(133).fill(3)
  const minute = { timeMs: 60_000 }
  const run = async (use: (searcher: PowSearcher) => Promise<void>): Promise<void> => {
    const searcher = create()
    try {
      await use(searcher)
    } finally {
      await searcher.stop()
    }
  }
  return [
    {
      name: 'finds the smallest nonce',
      run: () =>
        run(async searcher => {
          for (const bits of [1, 6, 12, 16]) {
            const smallest = prepareNonceSearch(prefix).search(bits, 0, 1 << 24)
            const found = await soon(searcher.search(prefix, bits, minute), 'search')
            check(found === BigInt(smallest), `${bits} bits: expected ${smallest}, got ${found}`)
          }
        })
    },
    {
      name: 'gives up when its time is over, at once for no time',
      run: () =>
        run(async searcher => {
          check(
            (await soon(searcher.search(prefix, 200, { timeMs: 30 }), 'search')) === undefined,
            'found the unfindable'
          )
          check(
            (await soon(searcher.search(prefix, 1, { timeMs: 0 }), 'search')) === undefined,
            'searched without time'
          )
        })
    },
    {
      name: "rejects with its signal's reason",
      run: () =>
        run(async searcher => {
          const stop = new AbortController()
          const reason = new Error('enough')
          const searching = searcher.search(prefix, 200, { ...minute, signal: stop.signal })
          setTimeout(() => stop.abort(reason), 20)
          const got = await soon(
            searching.then(
              () => undefined,
              error => error as unknown
            ),
            'abort'
          )
          check(got === reason, 'rejected with something else, or not at all')
        })
    },
    {
      name: 'best answers the bits that its nonce has',
      run: () =>
        run(async searcher => {
          const { nonce, bits } = await soon(searcher.best(prefix, { timeMs: 30 }), 'best')
          check(bits >= 4 && prepareNonceSearch(prefix).bitsOf(nonce) === bits, `nonce ${nonce} has no ${bits} bits`)
        })
    },
    {
      name: 'two searches at once both find theirs',
      run: () =>
        run(async searcher => {
          const other = new Uint8Array(40).fill(4)
          const found = await soon(
            Promise.all([prefix, other].map(each => searcher.search(each, 15, minute))),
            'two searches'
          )
          const expected = [prefix, other].map(each => BigInt(prepareNonceSearch(each).search(15, 0, 1 << 24)))
          check(found.join() === expected.join(), 'one search disturbed the other')
        })
    }
  ]
}
