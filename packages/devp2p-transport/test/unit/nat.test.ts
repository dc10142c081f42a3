import { createVirtualTime } from '@status-stack/interface/testing'
import { expect, test } from 'vitest'
import { guessedGateways } from '../../src/nat/mappers.node.ts'
import { createNat } from '../../src/nat/nat.ts'
import { parseNat } from '../../src/nat/spec.ts'
import type { FindMappers, Mapping, PortMapper } from '../../src/nat/types.ts'

test('T-32 NAT strings are read as in go-ethereum', () => {
  for (const text of ['', 'none', 'off', 'NONE', 'Off']) expect(parseNat(text)).toEqual({ kind: 'none' })
  for (const text of ['any', 'auto', 'on', 'Any']) expect(parseNat(text)).toEqual({ kind: 'any' })
  expect(parseNat('upnp')).toEqual({ kind: 'upnp' })
  for (const text of ['pmp', 'natpmp', 'nat-pmp']) expect(parseNat(text)).toEqual({ kind: 'pmp' })
  expect(parseNat('pmp:192.168.0.1')).toEqual({ kind: 'pmp', gateway: '192.168.0.1' })
  for (const text of ['extip:77.12.33.4', 'ip:77.12.33.4', 'EXTIP:77.12.33.4']) {
    expect(parseNat(text)).toEqual({ kind: 'extip', address: '77.12.33.4' })
  }
  expect(parseNat('extip:2001:db8::1')).toEqual({ kind: 'extip', address: '2001:db8::1' })
  expect(() => parseNat('foo')).toThrow('unknown mechanism "foo"')
  expect(() => parseNat('extip:x')).toThrow('invalid IP address')
  expect(() => parseNat('pmp:1.2.3')).toThrow('invalid IP address')
  expect(() => parseNat('extip')).toThrow('missing IP address')
  expect(() => parseNat('ip:')).toThrow('invalid IP address')
})

function gateway(kind: 'upnp' | 'pmp', address = '77.1.2.3') {
  const mapped = new Map<string, Mapping & { lifetimeSeconds: number; description: string }>()
  const log: string[] = []
  const state = { broken: false, closed: 0, address }
  const mapper: PortMapper = {
    kind,
    externalAddress: async () => {
      if (state.broken) throw new Error('gone')
      return state.address
    },
    map: async mapping => {
      log.push(`map ${mapping.protocol} ${mapping.internalPort}`)
      mapped.set(mapping.protocol, mapping)
      return mapping.externalPort
    },
    unmap: async mapping => {
      log.push(`unmap ${mapping.protocol} ${mapping.externalPort}`)
      mapped.delete(mapping.protocol)
    },
    close: async () => {
      state.closed++
    }
  }
  return { mapper, mapped, log, state }
}

const options = { nat: 'any', listenAddress: '0.0.0.0', tcpPort: 30_303, udpPort: 30_304 }
const found =
  (...attempts: Promise<PortMapper>[]): FindMappers =>
  async () =>
    attempts

test('T-32 TCP and UDP are mapped for 20 minutes, renewed every 15, deleted on stop', async () => {
  const time = createVirtualTime()
  const { mapper, mapped, log, state } = gateway('upnp')
  const addresses: (string | undefined)[] = []
  const nat = createNat(
    { scheduler: time.scheduler, findMappers: found(Promise.resolve(mapper)) },
    { ...options, onAddress: address => addresses.push(address) }
  )
  await nat.start()
  expect(mapped.get('tcp')).toMatchObject({
    internalPort: 30_303,
    externalPort: 30_303,
    lifetimeSeconds: 1_200,
    description: 'ethereum p2p'
  })
  expect(mapped.get('udp')).toMatchObject({
    internalPort: 30_304,
    lifetimeSeconds: 1_200,
    description: 'ethereum discovery'
  })
  expect(nat.externalAddress()).toBe('77.1.2.3')
  expect(nat.mappings()).toHaveLength(2)
  await time.advance(899_999)
  expect(log).toHaveLength(2)
  await time.advance(1)
  expect(log).toEqual(['map tcp 30303', 'map udp 30304', 'map tcp 30303', 'map udp 30304'])
  state.address = '77.9.9.9'
  await time.advance(900_000)
  expect(addresses).toEqual(['77.1.2.3', '77.9.9.9'])
  await nat.stop()
  expect(log.slice(-2)).toEqual(['unmap tcp 30303', 'unmap udp 30304'])
  expect(mapped.size).toBe(0)
  expect(state.closed).toBe(1)
  expect(time.pendingTimers()).toBe(0)
  await nat.stop()
})

test('any takes whoever answers first and closes the other', async () => {
  const time = createVirtualTime()
  const slow = gateway('upnp')
  const fast = gateway('pmp', '77.5.5.5')
  let answer: (mapper: PortMapper) => void = () => undefined
  const late = new Promise<PortMapper>(resolve => {
    answer = resolve
  })
  const nat = createNat(
    {
      scheduler: time.scheduler,
      findMappers: found(Promise.reject(new Error('none')), late, Promise.resolve(fast.mapper))
    },
    options
  )
  await nat.start()
  expect(nat.externalAddress()).toBe('77.5.5.5')
  answer(slow.mapper)
  await time.settle()
  expect(slow.state.closed).toBe(1)
  expect(slow.mapped.size).toBe(0)
  await nat.stop()
  expect(fast.mapped.size).toBe(0)
})

test('failures are not thrown: no gateway, a silent one, one that goes away and comes back', async () => {
  const time = createVirtualTime()
  const { mapper, state } = gateway('upnp')
  const addresses: (string | undefined)[] = []
  let silent = true
  const nat = createNat(
    {
      scheduler: time.scheduler,
      findMappers: async () => {
        if (silent) return [new Promise<PortMapper>(() => undefined)]
        return state.broken ? [Promise.reject(new Error('none'))] : [Promise.resolve(mapper)]
      }
    },
    { ...options, onAddress: address => addresses.push(address) }
  )
  const started = nat.start()
  await time.advance(5_000)
  await started
  expect(nat.externalAddress()).toBeUndefined()
  silent = false
  await time.advance(900_000)
  expect(addresses).toEqual(['77.1.2.3'])
  state.broken = true
  await time.advance(900_000)
  expect(addresses).toEqual(['77.1.2.3', undefined])
  expect(nat.mappings()).toEqual([])
  state.broken = false
  await time.advance(900_000)
  expect(addresses).toEqual(['77.1.2.3', undefined, '77.1.2.3'])
  await nat.stop()
})

test('extip is known at once; none and loopback ask nobody', async () => {
  let asked = 0
  const findMappers: FindMappers = async () => {
    asked++
    return []
  }
  const external = createNat({ findMappers }, { ...options, nat: 'extip:77.1.1.1' })
  await external.start()
  expect(external.externalAddress()).toBe('77.1.1.1')
  await external.stop()
  for (const [nat, listenAddress] of [
    ['none', '0.0.0.0'],
    ['any', '127.0.0.1']
  ] as const) {
    const made = createNat({ findMappers }, { ...options, nat, listenAddress })
    await made.start()
    expect(made.externalAddress()).toBeUndefined()
    await made.stop()
  }
  expect(asked).toBe(0)
})

test('NAT-PMP gateways are guessed from private IPv4 addresses', () => {
  expect(guessedGateways(['192.168.7.33', '192.168.7.34', '10.1.2.3', '8.8.8.8', '169.254.1.1', 'fe80::1'])).toEqual([
    '192.168.7.1',
    '10.1.2.1'
  ])
})
