import type { Client } from '@status-stack/status-client'

/** How long a mailserver is waited for. */
export interface MailserverWait {
  /** Then whichever is connected will do; ms. */
  readonly timeoutMs: number
  /** Ends it early. */
  readonly signal: AbortSignal
}

/** What tells which mailserver can be reached. */
interface Connections {
  readonly client: Pick<Client, 'peers' | 'on'>
  readonly host: {
    readonly addEventListener: (event: 'dialfailed', listener: () => void) => void
    readonly removeEventListener: (event: 'dialfailed', listener: () => void) => void
  }
  /** Best first. */
  readonly mailservers: readonly { readonly peerId: string }[]
  readonly unreachable: ReadonlySet<string>
}

/** Waits for the best mailserver that can be reached, which is known when every better one has refused a connection. */
export async function whenMailserver(
  { client, host, mailservers, unreachable }: Connections,
  { timeoutMs, signal }: MailserverWait
): Promise<boolean> {
  const attached = (): ReadonlySet<string> => new Set(client.peers().map(({ peerId }) => peerId))
  const best = (): boolean => {
    const here = attached()
    const first = mailservers.find(({ peerId }) => here.has(peerId) || !unreachable.has(peerId))
    return first !== undefined && here.has(first.peerId)
  }
  if (best()) return true
  return new Promise<boolean>((resolve, reject) => {
    const finish = (then: () => void): void => {
      off()
      host.removeEventListener('dialfailed', look)
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      then()
    }
    // After the listeners that keep `unreachable`, whatever their order.
    const look = (): void => queueMicrotask(() => best() && finish(() => resolve(true)))
    const onAbort = (): void => finish(() => reject(signal.reason))
    const off = client.on('peer', look)
    host.addEventListener('dialfailed', look)
    signal.addEventListener('abort', onAbort, { once: true })
    const timer = setTimeout(() => {
      const here = attached()
      finish(() => resolve(mailservers.some(({ peerId }) => here.has(peerId))))
    }, timeoutMs)
    if (signal.aborted) onAbort()
  })
}
