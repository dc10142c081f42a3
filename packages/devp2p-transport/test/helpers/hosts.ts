import { generatePrivateKey } from '@status-stack/crypto'
import { afterEach } from 'vitest'
import {
  type Capability,
  createHost,
  type Host,
  type HostDeps,
  type HostEventName,
  type HostEvents,
  type HostOptions,
  type PeerLink
} from '../../src/index.ts'

const started: Host[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map(host => host.stop()))
})

/** A capability whose links a test drives itself. */
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

export interface Opened {
  readonly link: PeerLink
  readonly finish: () => void
  readonly fail: (error: Error) => void
}

const endings = new WeakMap<PeerLink, () => void>()
function ended(link: PeerLink): Promise<void> {
  return new Promise(resolve => endings.set(link, resolve))
}
/** Tells an open capability that its connection is over. */
export function finishEnded(opened: Opened): void {
  endings.get(opened.link)?.()
}

/** Answers every packet with the same bytes and counts them. */
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

/** A capability that only reads. */
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

/** A host that the test file stops by itself. */
export function host(deps: Partial<HostDeps> = {}, options: HostOptions = {}): Host {
  const made = createHost({ privateKey: generatePrivateKey(), capabilities: [sinkCapability()], ...deps }, options)
  started.push(made)
  return made
}

export async function startedHost(deps: Partial<HostDeps> = {}, options: HostOptions = {}): Promise<Host> {
  const made = host(deps, options)
  await made.start()
  return made
}

/** The next event of a type, optionally one that fits. */
export function once<T extends HostEventName>(
  from: Host,
  type: T,
  fits: (detail: HostEvents[T]) => boolean = () => true
): Promise<HostEvents[T]> {
  return new Promise(resolve => {
    const listener = (event: CustomEvent<HostEvents[T]>): void => {
      if (!fits(event.detail)) return
      from.removeEventListener(type, listener)
      resolve(event.detail)
    }
    from.addEventListener(type, listener)
  })
}

/** Every event of a type from now on. */
export function record<T extends HostEventName>(from: Host, type: T): HostEvents[T][] {
  const events: HostEvents[T][] = []
  from.addEventListener(type, event => {
    events.push(event.detail)
  })
  return events
}

/** Waits until a condition holds; the watchdog of the test ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>(resolve => setTimeout(resolve, 2))
}
