import type { Client } from '@status-stack/status-client'
import { longestDelayMs, whenAborted } from '@status-stack/utils'
import { check } from './arguments.ts'

/** How long a mailserver is waited for. */
export interface MailserverWait {
  /** Then whichever is connected will do; ms. */
  readonly timeoutMs: number
  /** Ends it early: rejects with its reason. @default it is waited until `timeoutMs` */
  readonly signal?: AbortSignal | undefined
}

/** What tells which mailserver can be reached. */
interface Connections {
  readonly client: Pick<Client, 'peers' | 'on'>
  readonly host: {
    readonly on: (event: 'dialfailed', handler: () => void) => () => void
  }
  /** Best first. */
  readonly mailservers: readonly { readonly peerId: string }[]
  readonly unreachable: ReadonlySet<string>
}

/** @throws RelayError `invalid-argument` */
function checkWait(wait: unknown): asserts wait is MailserverWait {
  check.options('wait', wait, ['timeoutMs', 'signal'])
  const { timeoutMs, signal } = wait as Partial<MailserverWait>
  check.number('timeoutMs', timeoutMs, 0, longestDelayMs)
  check.signal('signal', signal)
}

/** Waits for the best mailserver that can be reached, which is known when every better one has refused a connection. */
export async function whenMailserver(
  { client, host, mailservers, unreachable }: Connections,
  wait: MailserverWait
): Promise<boolean> {
  checkWait(wait)
  const { timeoutMs, signal } = wait
  signal?.throwIfAborted()
  const attached = (): ReadonlySet<string> => new Set(client.peers().map(({ peerId }) => peerId))
  const best = (): boolean => {
    const here = attached()
    const first = mailservers.find(({ peerId }) => here.has(peerId) || !unreachable.has(peerId))
    return first !== undefined && here.has(first.peerId)
  }
  if (best()) return true
  return new Promise<boolean>((resolve, reject) => {
    const finish = (then: () => void): void => {
      for (const off of offs) off()
      clearTimeout(timer)
      callOff()
      then()
    }
    // After the listeners that keep `unreachable`, whatever their order.
    const look = (): void => queueMicrotask(() => best() && finish(() => resolve(true)))
    const offs = [client.on('peer', look), host.on('dialfailed', look)]
    const callOff = whenAborted(signal, () => finish(() => reject(signal?.reason)))
    const timer = setTimeout(() => {
      const here = attached()
      finish(() => resolve(mailservers.some(({ peerId }) => here.has(peerId))))
    }, timeoutMs)
  })
}
