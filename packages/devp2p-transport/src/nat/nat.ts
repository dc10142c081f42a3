import { check, checkPositive, isLoopback, systemScheduler } from '@status-stack/rlpx/carrier'
import type { CancelTimer } from '../ports.ts'
import { findMappers } from './mappers.node.ts'
import { findGateway, limitedTo, mapPorts } from './port-mapping.ts'
import { parseNat } from './spec.ts'
import type { Mapping, Nat, NatDeps, NatOptions, PortMapper } from './types.ts'

const names = [
  'nat',
  'listenAddress',
  'tcpPort',
  'udpPort',
  'lifetimeSeconds',
  'refreshMs',
  'timeoutMs',
  'onAddress'
] satisfies (keyof NatOptions)[]

function checkArguments(deps: NatDeps, options: NatOptions): void {
  check.object('deps', deps)
  check.ports(deps, { scheduler: ['after'], logger: ['debug', 'info', 'warn', 'error'] })
  if (deps.findMappers !== undefined) check.function('findMappers', deps.findMappers)
  check.options('options', options, names)
  if (options.onAddress !== undefined) check.function('onAddress', options.onAddress)
  check.text('listenAddress', options.listenAddress)
  check.integer('tcpPort', options.tcpPort, 0, 65_535)
  if (options.udpPort !== undefined) check.integer('udpPort', options.udpPort, 0, 65_535)
  checkPositive(options, ['lifetimeSeconds', 'refreshMs', 'timeoutMs'])
}

/**
 * Opens ports at the router and learns the external address. It does nothing before `start`. @throws TransportError `invalid-text` for a NAT string that cannot be read
 *
 * @example
 * ```ts
 * const nat = createNat({}, { listenAddress: '0.0.0.0', tcpPort: 30303, onAddress: host.setExternalAddress })
 * await nat.start()
 * ```
 */
export function createNat(deps: NatDeps, options: NatOptions): Nat {
  checkArguments(deps, options)
  const spec = parseNat(options.nat ?? 'any')
  const { scheduler = systemScheduler, findMappers: find = findMappers, logger } = deps
  const { lifetimeSeconds = 1_200, refreshMs = 900_000, timeoutMs = 5_000 } = options
  const limited = limitedTo(timeoutMs, scheduler)
  let running = false
  let mapper: PortMapper | undefined
  let address: string | undefined
  let mapped: Mapping[] = []
  let cancel: CancelTimer | undefined
  let work: Promise<void> = Promise.resolve()

  const setAddress = (next: string | undefined): void => {
    if (next === address) return
    address = next
    options.onAddress?.(next)
  }

  const refresh = async (): Promise<void> => {
    try {
      mapper ??= await findGateway(find, spec, limited)
      const current = mapper
      const external = await limited(signal => current.externalAddress({ signal }))
      mapped = await mapPorts(current, options, mapped, lifetimeSeconds, limited)
      setAddress(external)
    } catch (error) {
      logger?.warn('NAT: mapping failed', { error: error instanceof Error ? error.name : 'unknown' })
      // Looked for anew next time: the network may be another one by then.
      await mapper?.close().catch(() => undefined)
      mapper = undefined
      mapped = []
      setAddress(undefined)
    }
  }

  const plan = (): void => {
    cancel = scheduler.after(refreshMs, () => {
      work = refresh().then(() => {
        if (running) plan()
      })
    })
  }

  return {
    start: async () => {
      if (running) return work
      running = true
      if (spec.kind === 'extip') setAddress(spec.address)
      if (spec.kind === 'none' || spec.kind === 'extip' || isLoopback(options.listenAddress)) return undefined
      work = refresh()
      await work
      if (running) plan()
      return undefined
    },
    stop: async () => {
      if (!running) return
      running = false
      cancel?.()
      await work
      const current = mapper
      mapper = undefined
      if (current === undefined) return
      for (const mapping of mapped.splice(0)) {
        await limited(signal => current.unmap(mapping, { signal })).catch(() => {
          logger?.warn('NAT: a mapping could not be deleted', { port: mapping.externalPort })
        })
      }
      await current.close().catch(() => undefined)
    },
    externalAddress: () => address,
    mappings: () => mapped
  }
}
