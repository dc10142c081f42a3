// AES by vector permutation: no table is indexed in memory and no branch is taken by data. A byte is two nibbles (i, k) of a tower field,
// i·t + (i + k)·(t + 1) with t² + t + 8 = 0 over GF(16) = GF(2)[x] / (x⁴ + x + 1); what a nibble becomes is looked up in a register.
// SPEC: FIPS 197; the inversion is that of Hamburg, "Accelerating AES with Vector Permute Instructions", CHES 2009.

/** A byte in the tower field: of its lower nibble, of its upper one. */
const towerLow = memory.data<u64>([0x1606342432221000, 0x9282b0a0b6a69484])
const towerHigh = memory.data<u64>([0x0dfe80737e8df300, 0xb3403ecdc0334dbe])
/** 1/n and 15/n; 0x80 stands for what has no inverse: looked up again it gives 0. */
const inverse = memory.data<u64>([0x06070b0d0e090180, 0x0803040a050c020f])
const overK = memory.data<u64>([0x040b0307050e0f80, 0x0102090c06080d0a])
/** The two parts of the S-box's linear map: in bytes; in the tower field; in the tower field and doubled. */
const lastU = memory.data<u64>([0xf68d91673db07b00, 0xcb5ad7eaac1c2146])
const lastT = memory.data<u64>([0xef8b0ae512996400, 0xfdf77c6e18819376])
const onceU = memory.data<u64>([0xb50e5de8cec0bb00, 0x7b2628e693539d75])
const onceT = memory.data<u64>([0xd208a674d1d9da00, 0x03a5ad7c77ae7f0b])
const twiceU = memory.data<u64>([0xa510ea4fabbbb500, 0x0ee4f45f41fa511e])
const twiceT = memory.data<u64>([0xf9b0d72ea9194900, 0x5087379e7e67cee0])
/** Where the bytes of a block come from: its rows shifted; its columns turned by one byte or by three besides; turned alone. */
const shifted = memory.data<u64>([0x030e09040f0a0500, 0x0b06010c07020d08])
const turned = memory.data<u64>([0x04030e09000f0a05, 0x0c0b06010807020d])
const turnedBack = memory.data<u64>([0x0e0904030a05000f, 0x06010c0b020d0807])
const turn = memory.data<u64>([0x0407060500030201, 0x0c0f0e0d080b0a09])

function upper(bytes: v128): v128 {
  return v128.and(i64x2.shr_u(bytes, 4), i8x16.splat(0x0f))
}

function lower(bytes: v128): v128 {
  return v128.and(bytes, i8x16.splat(0x0f))
}

/** Bytes of a block in the tower field. */
function toTower(bytes: v128): v128 {
  return v128.xor(i8x16.swizzle(v128.load(towerLow), lower(bytes)), i8x16.swizzle(v128.load(towerHigh), upper(bytes)))
}

/** Half of an inverse, to be looked up in the tables of `U` with i, of `T` with j in place of it. */
function half(nibble: v128, other: v128, quotient: v128, inverses: v128): v128 {
  return v128.xor(i8x16.swizzle(inverses, v128.xor(i8x16.swizzle(inverses, nibble), quotient)), other)
}

/** The S-box on bytes of the tower field, without its constant. */
function substitute(block: v128): v128 {
  const inverses = v128.load(inverse)
  const k = lower(block)
  const i = upper(block)
  const j = v128.xor(i, k)
  const quotient = i8x16.swizzle(v128.load(overK), k)
  return v128.xor(
    i8x16.swizzle(v128.load(lastU), half(i, j, quotient, inverses)),
    i8x16.swizzle(v128.load(lastT), half(j, i, quotient, inverses))
  )
}

/** Word i becomes the sum of words 0 to i. */
function runningSum(words: v128): v128 {
  const zero = i8x16.splat(0)
  const twice = v128.xor(words, i8x16.shuffle(words, zero, 16, 16, 16, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))
  return v128.xor(twice, i8x16.shuffle(twice, zero, 16, 16, 16, 16, 16, 16, 16, 16, 0, 1, 2, 3, 4, 5, 6, 7))
}

/** The next round key from the one a whole key before it and the last word of the one before it. */
function nextKey(before: v128, last: v128, constant: i32): v128 {
  let word = i32x4.extract_lane(v128.xor(substitute(toTower(last)), i8x16.splat(0x63)), 3)
  if (constant !== 0) word = rotr<i32>(word, 8) ^ constant
  return v128.xor(runningSum(before), i32x4.splat(word))
}

/** Expands the key at `rawKey`, 16 or 32 bytes, and wipes it; answers the number of rounds. */
export function expandKey(rawKey: usize, length: i32, schedule: usize): i32 {
  const rounds = length === 16 ? 10 : 14
  const step: usize = length === 16 ? 1 : 2
  memory.copy(schedule, rawKey, usize(length))
  memory.fill(rawKey, 0, 32)
  let constant = 1
  for (let at = step; at <= usize(rounds); at++) {
    const plain = step === 2 && (at & 1) === 1
    const before = v128.load(schedule + 16 * (at - step))
    const last = v128.load(schedule + 16 * (at - 1))
    v128.store(schedule + 16 * at, nextKey(before, last, plain ? 0 : constant))
    if (!plain) constant = (constant << 1) ^ (constant >> 7 ? 0x11b : 0)
  }
  // All but the last are added in the tower field, all but the first with the constant of the S-box, which the tables leave out.
  for (let at: usize = 0; at <= usize(rounds); at++) {
    const place = schedule + 16 * at
    const key = v128.xor(v128.load(place), i8x16.splat(at === 0 ? 0 : 0x63))
    v128.store(place, at < usize(rounds) ? toTower(key) : key)
  }
  return rounds
}

/** Where the address of a schedule lies, of those who encrypt with one key. */
const shared = memory.data<u32>([0])

/** A key of the round that lies `place` bytes behind the beginning of a schedule; the address of that lies at `own`. */
function roundKey(own: usize, place: usize): v128 {
  return v128.load(usize(load<u32>(own)) + place)
}

/**
 * The blocks from `at` to `end`, encrypted in place: round by round, so that none waits for what it has just computed. At `keys` lies the address of
 * the schedule of the first block, `step` bytes further that of the next one.
 */
function encrypt(keys: usize, step: usize, rounds: i32, at: usize, end: usize): void {
  const mask = i8x16.splat(0x0f)
  const inverses = v128.load(inverse)
  const quotients = v128.load(overK)
  const u1 = v128.load(onceU)
  const t1 = v128.load(onceT)
  const u2 = v128.load(twiceU)
  const t2 = v128.load(twiceT)
  const rows = v128.load(shifted)
  const next = v128.load(turned)
  const previous = v128.load(turnedBack)
  const column = v128.load(turn)
  const last = usize(rounds) << 4
  for (let block = at, own = keys; block < end; block += 16, own += step) {
    v128.store(block, v128.xor(toTower(v128.load(block)), roundKey(own, 0)))
  }
  for (let place: usize = 16; place < last; place += 16) {
    for (let block = at, own = keys; block < end; block += 16, own += step) {
      const state = v128.load(block)
      const k = v128.and(state, mask)
      const i = v128.and(i64x2.shr_u(state, 4), mask)
      const j = v128.xor(i, k)
      const quotient = i8x16.swizzle(quotients, k)
      const u = half(i, j, quotient, inverses)
      const t = half(j, i, quotient, inverses)
      const once = v128.xor(i8x16.swizzle(u1, u), i8x16.swizzle(t1, t))
      const twice = v128.xor(i8x16.swizzle(u2, u), i8x16.swizzle(t2, t))
      // Columns mixed: 2a + b and d; then what b and c add is the neighbour of the former.
      const sum = v128.xor(i8x16.swizzle(twice, rows), i8x16.swizzle(once, next))
      const rest = v128.xor(i8x16.swizzle(once, previous), roundKey(own, place))
      v128.store(block, v128.xor(v128.xor(sum, rest), i8x16.swizzle(sum, column)))
    }
  }
  for (let block = at, own = keys; block < end; block += 16, own += step) {
    v128.store(block, v128.xor(i8x16.swizzle(substitute(v128.load(block)), rows), roundKey(own, last)))
  }
}

/** The blocks from `at` to `end`, encrypted in place with one key. */
export function encryptBlocks(schedule: usize, rounds: i32, at: usize, end: usize): void {
  store<u32>(shared, u32(schedule))
  encrypt(shared, 0, rounds, at, end)
}

/** Four blocks at `at`, each encrypted with a key of AES-256 of its own: at `schedules` lie the addresses of these. */
export function encryptFour(schedules: usize, at: usize): void {
  encrypt(schedules, 4, 14, at, at + 64)
}
