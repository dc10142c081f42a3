import { createSocket, type Socket } from 'node:dgram'
import { limits } from '../limits.ts'

/** A device that says it is what was looked for. */
export interface Announcement {
  readonly location: URL
  /** Who sent it. */
  readonly address: string
}

const group = { address: '239.255.255.250', port: 1900 }
const waitSeconds = 2

/** Reads an answer to a search. Undefined for anything else. */
export function parseAnnouncement(text: string, target: string, address: string): Announcement | undefined {
  const [status = '', ...lines] = text.split('\r\n')
  if (!/^HTTP\/1\.[01] 200\b/.test(status)) return undefined
  const header = (name: string): string | undefined =>
    lines
      .find(line => line.slice(0, name.length + 1).toLowerCase() === `${name}:`)
      ?.slice(name.length + 1)
      .trim()
  if (header('st') !== target) return undefined
  try {
    const location = new URL(header('location') ?? '')
    // A device speaks for itself: whoever points elsewhere would have us send requests to third parties.
    return location.protocol === 'http:' && location.hostname === address ? { location, address } : undefined
  } catch {
    return undefined
  }
}

/** Keeps each device once. BOUNDED: `limits.upnpAnnouncements` in a search; more are not looked at. */
export function createCollector(target: string): (text: string, address: string) => Announcement | undefined {
  const seen = new Set<string>()
  return (text, address) => {
    if (seen.size >= limits.upnpAnnouncements) return undefined
    const announcement = parseAnnouncement(text, target, address)
    if (announcement === undefined || seen.has(announcement.location.href)) return undefined
    seen.add(announcement.location.href)
    return announcement
  }
}

/**
 * Asks the local network for devices of a type, from each of our IPv4 addresses. Ends by itself after some seconds.
 * SPEC: UPnP Device Architecture 1.0, "Discovery: Search".
 */
export async function* searchDevices(
  target: string,
  own: readonly string[],
  { signal }: { readonly signal: AbortSignal }
): AsyncIterable<Announcement> {
  const found: Announcement[] = []
  const collect = createCollector(target)
  let over = signal.aborted
  let wake = (): void => undefined
  const end = (): void => {
    over = true
    wake()
  }
  const sockets: Socket[] = own.map(address => {
    const socket = createSocket('udp4')
    // An interface that cannot be used, or no route for multicast: the others may do.
    socket.on('error', () => undefined)
    socket.on('message', (bytes, from) => {
      const announcement = collect(bytes.toString('latin1'), from.address)
      if (announcement === undefined) return
      found.push(announcement)
      wake()
    })
    socket.bind({ address, port: 0 }, () => {
      const request =
        `M-SEARCH * HTTP/1.1\r\nHOST: ${group.address}:${group.port}\r\nMAN: "ssdp:discover"\r\n` +
        `MX: ${waitSeconds}\r\nST: ${target}\r\n\r\n`
      // Datagrams get lost: twice.
      for (let i = 0; i < 2; i++) socket.send(request, group.port, group.address, () => undefined)
    })
    return socket
  })
  const timer = setTimeout(end, (waitSeconds + 1) * 1000)
  timer.unref()
  signal.addEventListener('abort', end, { once: true })
  try {
    for (;;) {
      const next = found.shift()
      if (next !== undefined) yield next
      else if (over) return
      else
        await new Promise<void>(resolve => {
          wake = resolve
        })
    }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
    for (const socket of sockets) socket.close()
  }
}
