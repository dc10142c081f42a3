import { createWorld, type Device, type World } from './world.ts'

/** A small fast generator; the same seed gives the same schedule. */
export function prng(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000
  }
  return {
    next,
    below: (limit: number) => Math.floor(next() * limit),
    chance: (probability: number) => next() < probability,
    pick: <T>(items: readonly T[]): T | undefined => items[Math.floor(next() * items.length)]
  }
}

export type Prng = ReturnType<typeof prng>

const minute = 60_000
const hour = 60 * minute
const cooldownMs = 2 * hour

async function deliver(world: World, random: Prng): Promise<void> {
  if (world.pending.length === 0) return
  const at = random.below(world.pending.length)
  const item = world.pending[at]
  if (item === undefined) return
  // Now and then it stays: a duplicate comes later.
  if (!random.chance(0.15)) world.pending.splice(at, 1)
  await world.open(item.box, item.to)
}

async function newDevice(world: World, random: Prng): Promise<void> {
  const who = random.pick(world.people)
  if (who === undefined || world.of(who).length >= 3) return
  const device = await world.add(who)
  await world.pair(device)
  if (random.chance(0.5)) await world.publish(device)
}

/** Some days on which everybody is online: prekeys roll, backups grow old. */
async function daysPass(world: World): Promise<void> {
  for (let day = 0; day < 4; day++) {
    world.clock.advance(25 * hour)
    for (const device of world.devices) await world.publish(device)
  }
}

async function loseState(world: World, random: Prng, device: Device): Promise<void> {
  await world.restore(device, random.chance(0.2) ? undefined : random.pick(device.backups))
}

/** One thing that happens. `harsh` schedules lose state too. */
async function step(world: World, random: Prng, harsh: boolean): Promise<void> {
  const device = random.pick(world.devices)
  if (device === undefined) return
  const dice = random.below(100)
  world.clock.advance(random.below(5 * minute))
  if (dice < 26) await world.send(device)
  else if (dice < 58) await deliver(world, random)
  else if (dice < 64) world.pending.splice(random.below(world.pending.length + 1), random.below(3))
  else if (dice < 70) await world.confirm(device)
  else if (dice < 75) await world.sendOwn(device)
  else if (dice < 79) await world.burst(device)
  else if (dice < 83) await world.start(device)
  else if (dice < 89) await crashing(world, random, device)
  else if (dice < 91) await newDevice(world, random)
  else if (dice < 93) await world.publish(device)
  else if (dice < 94) await revokeOne(world, device)
  else if (dice < 95) world.backup(device)
  else if (dice < 96) await daysPass(world)
  else if (dice < 98) world.clock.advance(random.pick([hour, 3 * hour, 25 * hour, 25 * hour]) ?? hour)
  else if (harsh) await loseState(world, random, device)
}

async function crashing(world: World, random: Prng, device: Device): Promise<void> {
  const mine = world.pending.filter(({ to }) => to === device)
  const item = random.pick(mine)
  const acts = [
    () => world.send(device),
    () => world.sendOwn(device),
    () => world.confirm(device),
    ...(item === undefined ? [] : [() => world.open(item.box, item.to)])
  ]
  const act = random.pick(acts)
  if (act !== undefined) await world.crash(device, random.below(3), random.chance(0.5), act)
}

async function revokeOne(world: World, device: Device): Promise<void> {
  if (world.of(device.who).filter(({ revoked }) => !revoked).length > 1) await world.revoke(device)
}

/** Runs the schedule of a seed to its end. @throws Violation with the seed in its message */
export async function runSchedule(seed: number): Promise<World['stats']> {
  const random = prng(seed)
  const world = createWorld(String(seed))
  try {
    for (const who of world.people) {
      for (let count = 1 + random.below(2); count > 0; count--) await world.add(who)
    }
    const harsh = random.chance(0.4)
    for (let left = 20 + random.below(40); left > 0; left--) await step(world, random, harsh)
    await world.settle(cooldownMs)
    return world.stats
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}
