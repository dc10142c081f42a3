import { bytesToHex } from '@status-stack/crypto'
import {
  type Audience,
  createSealer,
  type Effect,
  type OpenResult,
  type Receipt,
  type Sealer
} from '../../src/index.ts'
import { decodeProtocolMessage } from '../../src/primitives.ts'
import { fakeClock, type Person, person, seededRandom, string, text } from '../support/sealers.ts'
import { type Backup, Crash, createDisk } from './crash-store.ts'

/** What the model remembers of a device's history; goes back with a restored backup. */
interface History {
  /** Message ids whose key was deleted. */
  readonly confirmed: Set<string>
  /** Message ids whose confirmation may or may not have reached the disk. */
  readonly unsure: Set<string>
  /** When a message id was first opened. */
  readonly openedMs: Map<string, number>
  /** Devices of which a direct message was opened. */
  readonly heard: Set<string>
}

const copy = (history: History): History => ({
  confirmed: new Set(history.confirmed),
  unsure: new Set(history.unsure),
  openedMs: new Map(history.openedMs),
  heard: new Set(history.heard)
})

export interface Device {
  readonly id: string
  readonly who: Person
  readonly disk: ReturnType<typeof createDisk>
  sealer: Sealer
  history: History
  /** It was set back to an older state: its sessions promise nothing until they have healed. */
  restored: boolean
  revoked: boolean
  readonly receipts: { readonly message: string; readonly receipt: Receipt }[]
  readonly backups: { readonly disk: Backup; readonly history: History }[]
}

/** One envelope. */
export interface Box {
  readonly message: string
  readonly bytes: Uint8Array
  readonly from: Device
  readonly to: readonly Device[]
  /** Installation ids with an entry. */
  readonly entries: ReadonlySet<string>
}

class Violation extends Error {
  override readonly name = 'Violation'
}

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Violation(what)
}

const unconfirmedMs = 48 * 3_600_000

export function createWorld(seed: string) {
  const clock = fakeClock()
  const people = [person(`alice ${seed}`, clock), person(`bob ${seed}`, clock)] as const
  const devices: Device[] = []
  const pending: { readonly box: Box; readonly to: Device }[] = []
  const used = new Map<string, string>()
  const stats = {
    sent: 0,
    opened: 0,
    refused: 0,
    advertised: 0,
    crashes: 0,
    restores: 0,
    reasons: {} as Record<string, number>
  }
  let counter = 0
  /** Several calls are under way: what one of them sees may change before the next. */
  let busy = false

  const of = (who: Person) => devices.filter(device => device.who === who)
  const other = (who: Person) => (who === people[0] ? people[1] : people[0])

  async function start(device: Device): Promise<void> {
    const random = seededRandom(`${seed} ${device.id} ${counter++}`)
    const deps = { identity: device.who.identity, store: device.disk.store, clock, random }
    device.sealer = await createSealer(deps, { installationId: device.id })
    // Effects that died with the process come again.
    await apply(device, await device.sealer.initialEffects())
  }

  async function add(who: Person): Promise<Device> {
    const device: Device = {
      id: `${who === people[0] ? 'a' : 'b'}${of(who).length + 1}`,
      who,
      disk: createDisk(),
      sealer: undefined as never,
      history: { confirmed: new Set(), unsure: new Set(), openedMs: new Map(), heard: new Set() },
      restored: false,
      revoked: false,
      receipts: [],
      backups: []
    }
    await start(device)
    devices.push(device)
    return device
  }

  /** No message key twice, ever, unless the device was set back. */
  function checkKeys(device: Device, bytes: Uint8Array): void {
    for (const { ratchet, payload } of decodeProtocolMessage(bytes)?.entries ?? []) {
      if (ratchet === undefined) continue
      const key = [device.id, bytesToHex(ratchet.id), bytesToHex(ratchet.key), ratchet.n].join()
      const tag = bytesToHex(payload.slice(-16))
      must(device.restored || (used.get(key) ?? tag) === tag, `${device.id} used a message key twice`)
      used.set(key, tag)
    }
  }

  async function seal(
    from: Device,
    to: Audience,
    readers: readonly Device[],
    message: string
  ): Promise<Box | undefined> {
    const size = busy ? undefined : await from.sealer.sealedSize(text(message).length, to)
    const result = await from.sealer.seal(text(message), to)
    await apply(from, result.effects)
    if (result.kind === 'nobody') return undefined
    checkKeys(from, result.bytes)
    const entries = new Set(decodeProtocolMessage(result.bytes)?.entries.map(({ installationId }) => installationId))
    if (result.rendezvous !== undefined) {
      for (const id of entries) must(from.history.heard.has(id), `${from.id} used the secret before it heard of ${id}`)
    }
    must(size === undefined || size === result.bytes.length, `sealedSize ${size} for ${result.bytes.length} bytes`)
    if (message !== '') stats.sent++
    return { message, bytes: result.bytes, from, to: readers, entries }
  }

  const post = (box: Box | undefined) => {
    for (const to of box?.to ?? []) if (box !== undefined && to !== box.from) pending.push({ box, to })
  }

  async function send(from: Device): Promise<void> {
    const to = other(from.who)
    const message = `message ${counter++}`
    post(await seal(from, to.known, of(to), message))
  }

  async function sendOwn(from: Device): Promise<void> {
    const box = await seal(from, { kind: 'own-devices', reach: 'known-devices' }, of(from.who), `own ${counter++}`)
    for (const id of box?.entries ?? []) {
      must(!devices.some(device => device.id === id && device.revoked), `${from.id} sealed for the revoked ${id}`)
    }
    post(box)
  }

  async function publish(from: Device): Promise<void> {
    post(await seal(from, from.who.contactCode, [...of(other(from.who)), ...of(from.who)], ''))
  }

  async function pair(from: Device): Promise<void> {
    post(await seal(from, { kind: 'own-devices', reach: 'any-device' }, of(from.who), `pair ${counter++}`))
  }

  async function apply(device: Device, effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) {
      if (effect.kind === 'advertise') {
        must(effect.to.kind === 'identity', 'an advertisement goes to an identity')
        const readers = of(other(device.who))
        must(bytesToHex(effect.to.publicKey) === bytesToHex(other(device.who).publicKey), 'advertised to itself')
        stats.advertised++
        post(await seal(device, effect.to, readers, ''))
      } else if (effect.kind === 'own-device-found') {
        const found = devices.find(({ id }) => id === effect.installationId)
        if (found !== undefined && !found.revoked) await device.sealer.enable(found.id, true)
      }
    }
  }

  function expectation(
    box: Box,
    to: Device
  ): 'message' | 'nothing' | 'maybe' | 'gone' | 'not-for-this-device' | 'not-paired' {
    if (box.entries.size === 0) return 'nothing'
    if (!box.entries.has(to.id)) {
      if (box.entries.has('none')) return box.message === '' ? 'nothing' : 'message'
      return box.from.who === to.who ? 'not-paired' : 'not-for-this-device'
    }
    const { history } = to
    if (box.from.restored || to.restored || history.unsure.has(box.message)) return 'maybe'
    if (history.confirmed.has(box.message)) return 'gone'
    const openedMs = history.openedMs.get(box.message)
    return openedMs !== undefined && clock.nowMs() - openedMs > unconfirmedMs ? 'maybe' : 'message'
  }

  function check(box: Box, to: Device, result: OpenResult): void {
    const wanted = expectation(box, to)
    const got = result.kind === 'unreadable' ? result.reason : result.kind
    const what = `${box.from.id} → ${to.id} "${box.message}": expected ${wanted}, got ${got}`
    if (result.kind === 'message') must(string(result.bytes) === box.message, `${what} with other bytes`)
    if (wanted === 'maybe') must(got !== 'malformed' && got !== 'invalid-bundle' && got !== 'nothing', what)
    else if (wanted === 'gone') must(result.kind === 'unreadable', what)
    else must(got === wanted, what)
  }

  async function open(box: Box, to: Device): Promise<OpenResult> {
    const result = await to.sealer.open(box.bytes, { sender: box.from.who.publicKey })
    check(box, to, result)
    if (result.kind === 'message') {
      stats.opened++
      to.history.heard.add(box.from.id)
      if (result.receipt !== undefined) {
        if (!to.history.openedMs.has(box.message)) to.history.openedMs.set(box.message, clock.nowMs())
        to.receipts.push({ message: box.message, receipt: result.receipt })
      }
    } else if (result.kind === 'unreadable') {
      stats.refused++
      stats.reasons[result.reason] = (stats.reasons[result.reason] ?? 0) + 1
    } else if (box.entries.has('none')) {
      to.history.heard.add(box.from.id)
    }
    await apply(to, result.effects)
    return result
  }

  async function confirm(device: Device): Promise<void> {
    const next = device.receipts.shift()
    if (next === undefined) return
    device.history.unsure.add(next.message)
    await device.sealer.confirm(next.receipt)
    device.history.unsure.delete(next.message)
    device.history.confirmed.add(next.message)
  }

  /** Runs `act` with power failing at one of its writes, then starts the device again. */
  async function crash(device: Device, writes: number, keepLast: boolean, act: () => Promise<unknown>): Promise<void> {
    // Whatever it was about to open may be on its disk although it never said so.
    for (const { box, to } of pending) if (to === device) device.history.heard.add(box.from.id)
    device.disk.arm(writes, keepLast)
    try {
      await act()
    } catch (error) {
      if (!(error instanceof Crash)) throw error
      stats.crashes++
    }
    device.disk.disarm()
    await start(device)
  }

  /** Many calls at once on one device. */
  async function burst(device: Device): Promise<void> {
    const mine = pending.filter(({ to }) => to === device).slice(0, 2)
    busy = true
    const calls = [send(device), send(device), sendOwn(device), ...mine.map(({ box, to }) => open(box, to))]
    const results = await Promise.allSettled(calls)
    busy = false
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  function backup(device: Device): void {
    device.backups.push({ disk: device.disk.backup(), history: copy(device.history) })
  }

  async function restore(device: Device, saved: { disk: Backup; history: History } | undefined): Promise<void> {
    stats.restores++
    device.disk.restore(saved?.disk ?? new Map())
    device.history = saved
      ? copy(saved.history)
      : { confirmed: new Set(), unsure: new Set(), openedMs: new Map(), heard: new Set() }
    device.receipts.length = 0
    device.restored = true
    await start(device)
  }

  async function revoke(device: Device): Promise<void> {
    device.revoked = true
    for (const own of of(device.who)) {
      const known = await own.sealer.devices(device.who.publicKey)
      if (own !== device && known.some(({ installationId }) => installationId === device.id)) {
        await own.sealer.enable(device.id, false)
      }
    }
  }

  /** Everybody speaks and all of it arrives, advertisements too. */
  async function roundOfTalk(): Promise<void> {
    pending.length = 0
    for (const device of devices) {
      await send(device)
      await sendOwn(device)
      await pair(device)
    }
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) await open(next.box, next.to)
  }

  /** After one cooldown at most, everybody reads everybody, forward-secret. */
  async function settle(cooldownMs: number): Promise<void> {
    await roundOfTalk()
    clock.advance(cooldownMs + 1)
    await roundOfTalk()
    for (const from of devices) {
      for (const [to, readers] of audiences(from)) {
        const box = await seal(from, to, readers, `final ${counter++}`)
        for (const reader of readers) await checkFinal(from, reader, box)
      }
    }
  }

  function audiences(from: Device): [Audience, Device[]][] {
    const peers = of(other(from.who))
    const own = of(from.who).filter(device => device !== from && !device.revoked && !from.revoked)
    const contacts: [Audience, Device[]] = [other(from.who).known, peers]
    return own.length === 0 ? [contacts] : [contacts, [{ kind: 'own-devices', reach: 'known-devices' }, own]]
  }

  async function checkFinal(from: Device, to: Device, box: Box | undefined): Promise<void> {
    if (box === undefined) throw new Violation(`${from.id} seals for nobody after it settled`)
    must(box.entries.has(to.id), `${from.id} does not seal for ${to.id} after it settled`)
    const result = await to.sealer.open(box.bytes, { sender: from.who.publicKey })
    const got = result.kind === 'unreadable' ? result.reason : result.kind
    must(
      result.kind === 'message' && result.protection === 'forward-secret',
      `${from.id} → ${to.id} did not heal: ${got}`
    )
    to.history.heard.add(from.id)
    must(string(result.bytes) === box.message, `${from.id} → ${to.id} healed to other bytes`)
  }

  return {
    clock,
    people,
    devices,
    pending,
    stats,
    of,
    add,
    start,
    send,
    sendOwn,
    publish,
    pair,
    open,
    confirm,
    burst,
    crash,
    backup,
    restore,
    revoke,
    settle
  }
}

export type World = ReturnType<typeof createWorld>
