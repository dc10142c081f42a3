import type { Scheduler } from '@status-stack/interface'
import { environmentError } from '@status-stack/rlpx/carrier'
import type { CancelTimer } from '../ports.ts'
import type { NatSpec } from './spec.ts'
import type { Mapping, NatDeps, NatOptions, PortMapper } from './types.ts'

/** Runs work that must end in time; its signal fires when it does not. */
export type Limited = <T>(run: (signal: AbortSignal) => Promise<T>) => Promise<T>

/** @throws TransportError `timeout` from what it answers */
export function limitedTo(timeoutMs: number, scheduler: Scheduler): Limited {
  return async run => {
    const controller = new AbortController()
    let cancelTimer: CancelTimer = () => undefined
    const expired = new Promise<never>((_resolve, reject) => {
      cancelTimer = scheduler.after(timeoutMs, () => {
        controller.abort()
        reject(environmentError('timeout', 'NAT: no answer from a gateway in time'))
      })
    })
    try {
      return await Promise.race([run(controller.signal), expired])
    } finally {
      cancelTimer()
    }
  }
}

/** The first gateway that answers; whoever answers later is closed again. */
export const findGateway = (
  find: NonNullable<NatDeps['findMappers']>,
  spec: NatSpec,
  limited: Limited
): Promise<PortMapper> =>
  limited(async signal => {
    const attempts = await find(spec, { signal })
    const first = await Promise.any(attempts)
    for (const attempt of attempts) {
      attempt.then(
        // After the time limit nobody waits for the first one either.
        other => (other === first && !signal.aborted ? undefined : other.close()),
        () => undefined
      )
    }
    return first
  })

/** Maps our ports, to the external ports that they had before where there were any. */
export async function mapPorts(
  gateway: PortMapper,
  { tcpPort, udpPort }: Pick<NatOptions, 'tcpPort' | 'udpPort'>,
  before: readonly Mapping[],
  lifetimeSeconds: number,
  limited: Limited
): Promise<Mapping[]> {
  const tcp = { protocol: 'tcp', internalPort: tcpPort, description: 'ethereum p2p' } as const
  const udp = { protocol: 'udp', internalPort: udpPort, description: 'ethereum discovery' } as const
  const mapped: Mapping[] = []
  for (const { protocol, internalPort, description } of [tcp, udp]) {
    if (internalPort === undefined) continue
    const known = before.find(mapping => mapping.protocol === protocol)
    const mapping = { protocol, internalPort, externalPort: known?.externalPort ?? internalPort }
    const externalPort = await limited(signal => gateway.map({ ...mapping, lifetimeSeconds, description }, { signal }))
    mapped.push({ ...mapping, externalPort })
  }
  return mapped
}
