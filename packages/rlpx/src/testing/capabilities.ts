import type { PeerLink } from '@status-stack/interface'
import type { Capability } from '../ports.ts'

/**
 * A capability whose links a test drives itself.
 *
 * @example
 * ```ts
 * const { capability, next } = openCapability()
 * const opened = await next()
 * await opened.link.send(1, payload)
 * opened.finish()
 * ```
 */
export function openCapability(
  name = 'shh',
  version = 6,
  length = 128
): { capability: Capability; next: () => Promise<Opened>; links: Opened[] } {
  const links: Opened[] = []
  const waiting: ((opened: Opened) => void)[] = []
  return {
    links,
    capability: {
      name,
      version,
      length,
      run: link =>
        new Promise((resolve, reject) => {
          const opened = { link, finish: resolve, fail: reject }
          links.push(opened)
          waiting.shift()?.(opened)
          // The end of the stream ends an open capability, as any honest one does.
          void ended(link).then(resolve)
        })
    },
    next: () => new Promise(resolve => waiting.push(resolve))
  }
}

/** A link that a capability got, and how to end it. */
export interface Opened {
  /** What the capability was run with. */
  readonly link: PeerLink
  /** Ends the capability as one that is done. */
  readonly finish: () => void
  /** Ends the capability with this error. */
  readonly fail: (error: Error) => void
}

const endings = new WeakMap<PeerLink, () => void>()
function ended(link: PeerLink): Promise<void> {
  return new Promise(resolve => endings.set(link, resolve))
}
/**
 * Tells an open capability that its connection is over.
 *
 * @example
 * ```ts
 * finishEnded(opened)
 * ```
 */
export function finishEnded(opened: Opened): void {
  endings.get(opened.link)?.()
}

/**
 * Answers every packet with the same bytes and counts them.
 *
 * @example
 * ```ts
 * const echo = echoCapability()
 * const host = createHost({ privateKey, capabilities: [echo], carrier })
 * ```
 */
export function echoCapability(name = 'echo', version = 1, length = 256): Capability & { received: number } {
  const capability = {
    name,
    version,
    length,
    received: 0,
    run: async (link: PeerLink): Promise<void> => {
      for await (const { code, payload } of link.packets()) {
        capability.received++
        await link.send(code, payload).catch(() => undefined)
      }
    }
  }
  return capability
}

/**
 * A capability that only reads.
 *
 * @example
 * ```ts
 * const sink = sinkCapability()
 * await until(() => sink.packets.length === 1)
 * ```
 */
export function sinkCapability(
  name = 'shh',
  version = 6,
  length = 128
): Capability & { packets: { code: number; payload: Uint8Array }[]; links: PeerLink[] } {
  const capability = {
    name,
    version,
    length,
    packets: [] as { code: number; payload: Uint8Array }[],
    links: [] as PeerLink[],
    run: async (link: PeerLink): Promise<void> => {
      capability.links.push(link)
      for await (const packet of link.packets()) capability.packets.push(packet)
    }
  }
  return capability
}
