// AES on eight blocks at once, without a table and without a branch on data: bit i of byte p of block b is bit b of byte p of plane i.
// SPEC: FIPS 197; the layout is that of Käsper and Schwabe, "Faster and Timing-Attack Resistant AES-GCM", 2009.
import { keyPlanes, planes, schedule } from './gcm-layout'

function xor(a: v128, b: v128): v128 {
  return v128.xor(a, b)
}

function and(a: v128, b: v128): v128 {
  return v128.and(a, b)
}

/** Changes places: the bits of `mask`, `bits` further up, in the plane at `a`, with those of `mask` in the plane at `b`. */
function swap(a: usize, b: usize, bits: i32, mask: v128): void {
  const first = v128.load(planes + a)
  const second = v128.load(planes + b)
  const moved = and(xor(i64x2.shr_u(first, bits), second), mask)
  v128.store(planes + b, xor(second, moved))
  v128.store(planes + a, xor(first, i64x2.shl(moved, bits)))
}

/** Eight blocks become eight planes, or the other way round: 8 by 8 bits are transposed in every byte. */
export function transpose(): void {
  for (let at: usize = 0; at < 128; at += 32) swap(at, at + 16, 1, i8x16.splat(0x55))
  for (let at: usize = 0; at < 128; at += 64) {
    swap(at, at + 32, 2, i8x16.splat(0x33))
    swap(at + 16, at + 48, 2, i8x16.splat(0x33))
  }
  for (let at: usize = 0; at < 64; at += 16) swap(at, at + 64, 4, i8x16.splat(0x0f))
}

const bits = memory.data<u64>([
  0x0101010101010101, 0x0101010101010101, 0x0202020202020202, 0x0202020202020202, 0x0404040404040404,
  0x0404040404040404, 0x0808080808080808, 0x0808080808080808, 0x1010101010101010, 0x1010101010101010,
  0x2020202020202020, 0x2020202020202020, 0x4040404040404040, 0x4040404040404040, 0x8080808080808080, 0x8080808080808080
])

/** Sixteen bytes as the planes of eight equal blocks: a bit that is set fills its byte. */
export function spread(block: v128, to: usize): void {
  for (let at: usize = 0; at < 128; at += 16) {
    const bit = v128.load(bits + at)
    v128.store(to + at, i8x16.eq(and(block, bit), bit))
  }
}

/** The way back from {@link spread}. */
export function gather(): v128 {
  let block = i8x16.splat(0)
  for (let at: usize = 0; at < 128; at += 16) block = v128.or(block, and(v128.load(planes + at), v128.load(bits + at)))
  return block
}

/**
 * The S-box on all planes, without its constant 0x63, which is part of the round keys.
 * SPEC: the circuit of Boyar and Peralta, "A Small Depth-16 Circuit for the AES S-Box", 2012; its names.
 */
export function substitute(): void {
  const x0 = v128.load(planes, 112)
  const x1 = v128.load(planes, 96)
  const x2 = v128.load(planes, 80)
  const x3 = v128.load(planes, 64)
  const x4 = v128.load(planes, 48)
  const x5 = v128.load(planes, 32)
  const x6 = v128.load(planes, 16)
  const x7 = v128.load(planes)

  // Into the tower field.
  const y14 = xor(x3, x5)
  const y13 = xor(x0, x6)
  const y9 = xor(x0, x3)
  const y8 = xor(x0, x5)
  const t0 = xor(x1, x2)
  const y1 = xor(t0, x7)
  const y4 = xor(y1, x3)
  const y12 = xor(y13, y14)
  const y2 = xor(y1, x0)
  const y5 = xor(y1, x6)
  const y3 = xor(y5, y8)
  const t1 = xor(x4, y12)
  const y15 = xor(t1, x5)
  const y20 = xor(t1, x1)
  const y6 = xor(y15, x7)
  const y10 = xor(y15, t0)
  const y11 = xor(y20, y9)
  const y7 = xor(x7, y11)
  const y17 = xor(y10, y11)
  const y19 = xor(y10, y8)
  const y16 = xor(t0, y11)
  const y21 = xor(y13, y16)
  const y18 = xor(x0, y16)

  // The inverse there.
  const t2 = and(y12, y15)
  const t7 = and(y13, y16)
  const t12 = and(y9, y11)
  const t14 = xor(and(y14, y17), t12)
  const t16 = xor(and(y8, y10), t12)
  const t21 = xor(xor(xor(and(y3, y6), t2), t14), y20)
  const t22 = xor(xor(xor(and(y4, x7), t2), t16), y19)
  const t23 = xor(xor(xor(and(y5, y1), t7), t14), y21)
  const t24 = xor(xor(xor(and(y2, y7), t7), t16), y18)
  const t25 = xor(t21, t22)
  const t26 = and(t21, t23)
  const t27 = xor(t24, t26)
  const t29 = xor(and(t25, t27), t22)
  const t33 = xor(and(xor(t22, t26), xor(t23, t24)), t24)
  const t36 = and(t24, xor(t27, t33))
  const t37 = xor(t36, xor(t23, t33))
  const t40 = xor(t25, and(t29, xor(t27, t36)))
  const t41 = xor(t40, t37)
  const t42 = xor(t29, t33)
  const t43 = xor(t29, t40)
  const t44 = xor(t33, t37)
  const t45 = xor(t42, t41)

  // Back, with the linear part of the affine map.
  const z3 = and(t43, y16)
  const z4 = and(t40, y1)
  const z7 = and(t45, y17)
  const z10 = and(t37, y3)
  const z12 = and(t43, y13)
  const z16 = and(t45, y14)
  const z2 = and(t33, x7)
  const z5 = and(t29, y7)
  const t46 = xor(and(t42, y9), z16)
  const t48 = xor(z5, and(t40, y5))
  const t53 = xor(and(t44, y15), z3)
  const t57 = xor(xor(z2, z12), t53)
  const t58 = xor(z4, t46)
  const t59 = xor(z3, xor(and(t42, y11), z7))
  const t60 = xor(t46, t57)
  const t62 = xor(xor(z7, and(t41, y10)), t58)
  const t63 = xor(xor(and(t44, y12), z10), t58)
  const t64 = xor(z4, t59)
  const t65 = xor(xor(and(t29, y2), t57), t62)
  const t66 = xor(and(t37, y6), t63)
  const s3 = xor(t53, t66)
  v128.store(planes, xor(t48, t60))
  v128.store(planes, xor(xor(z12, t48), t62), 16)
  v128.store(planes, xor(xor(z10, and(t33, y4)), t65), 32)
  v128.store(planes, xor(xor(z2, z5), t66), 48)
  v128.store(planes, s3, 64)
  v128.store(planes, xor(xor(z16, and(t41, y8)), xor(t64, t65)), 80)
  v128.store(planes, xor(t64, s3), 96)
  v128.store(planes, xor(t59, t63), 112)
}

/** Where the bytes of a block come from when its rows are shifted, and when every column is turned by one byte besides. */
const shifted = memory.data<u64>([0x030e09040f0a0500, 0x0b06010c07020d08])
const turned = memory.data<u64>([0x04030e09000f0a05, 0x0c0b06010807020d])

/** Every column turned by two bytes. */
function halfTurn(plane: v128): v128 {
  return i8x16.shuffle(plane, plane, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)
}

/** Makes the planes of all round keys. */
export function spreadKeys(rounds: i32): void {
  for (let round: usize = 0; round <= usize(rounds); round++)
    spread(v128.load(schedule + 16 * round), keyPlanes + 128 * round)
}

export function addKey(round: usize): void {
  const key = keyPlanes + 128 * round
  for (let at: usize = 0; at < 128; at += 16) {
    v128.store(planes + at, xor(v128.load(planes + at), v128.load(key + at)))
  }
}

/** The rows of every block shifted: the last round does no more than that before its key. */
export function shiftRows(): void {
  const rows = v128.load(shifted)
  for (let at = planes; at < planes + 128; at += 16) v128.store(at, i8x16.swizzle(v128.load(at), rows))
}

/** One plane of {@link mixRound}, with the doubled bytes of the plane below it; answers its own. */
function mixPlane(at: usize, below: v128, key: usize, rows: v128, turn: v128): v128 {
  const plane = v128.load(planes + at)
  const neighbour = i8x16.swizzle(plane, turn)
  const doubled = xor(i8x16.swizzle(plane, rows), neighbour)
  v128.store(planes + at, xor(xor(xor(neighbour, halfTurn(doubled)), below), v128.load(key + at)))
  return doubled
}

/** Rows shifted, columns mixed, the key of a round added. */
export function mixRound(round: usize): void {
  const key = keyPlanes + 128 * round
  const rows = v128.load(shifted)
  const turn = v128.load(turned)
  // The bytes that were doubled: each with its neighbour below. Bit 7 comes back into bits 0, 1, 3 and 4.
  const top = v128.load(planes, 112)
  const carry = xor(i8x16.swizzle(top, rows), i8x16.swizzle(top, turn))
  const d0 = mixPlane(0, carry, key, rows, turn)
  const d1 = mixPlane(16, xor(d0, carry), key, rows, turn)
  const d2 = mixPlane(32, d1, key, rows, turn)
  const d3 = mixPlane(48, xor(d2, carry), key, rows, turn)
  const d4 = mixPlane(64, xor(d3, carry), key, rows, turn)
  const d5 = mixPlane(80, d4, key, rows, turn)
  const d6 = mixPlane(96, d5, key, rows, turn)
  mixPlane(112, d6, key, rows, turn)
}
