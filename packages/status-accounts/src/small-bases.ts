// Bases 2, 8 and 10, which the library at hand leaves out. Inputs are bounded by the caller.

/** Bytes as text in one base, and back. */
export interface Base {
  readonly encode: (bytes: Uint8Array) => string
  readonly decode: (text: string) => Uint8Array
}

/** Digits of `width` bits, most significant first; what is left over at the end is filled with zero bits. */
export function bitBase(width: number): Base {
  const digits = new RegExp(`^[0-${2 ** width - 1}]*$`)
  return {
    encode: bytes => {
      const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('')
      const padded = bits.padEnd(Math.ceil(bits.length / width) * width, '0')
      const groups = padded.match(new RegExp(`.{${width}}`, 'g')) ?? []
      return groups.map(group => Number.parseInt(group, 2).toString()).join('')
    },
    decode: text => {
      if (!digits.test(text)) throw new RangeError('a digit is outside the base')
      const bits = [...text].map(digit => Number(digit).toString(2).padStart(width, '0')).join('')
      const whole = bits.length - (bits.length % 8)
      if (bits.length % 8 >= width || bits.slice(whole).includes('1')) throw new RangeError('bits are left over')
      const bytes = (bits.slice(0, whole).match(/.{8}/g) ?? []).map(group => Number.parseInt(group, 2))
      return Uint8Array.from(bytes)
    }
  }
}

/** A decimal number; each leading zero byte is a leading zero digit. */
export const decimal: Base = {
  encode: bytes => {
    let value = 0n
    for (const byte of bytes) value = (value << 8n) | BigInt(byte)
    const zeros = bytes.findIndex(byte => byte !== 0)
    return '0'.repeat(zeros < 0 ? bytes.length : zeros) + (value === 0n ? '' : value.toString())
  },
  decode: text => {
    if (!/^[0-9]*$/.test(text)) throw new RangeError('a digit is outside the base')
    const zeros = /^0*/.exec(text)?.[0].length ?? 0
    const bytes: number[] = []
    for (let value = BigInt(text === '' ? 0 : text); value > 0n; value >>= 8n) bytes.unshift(Number(value & 0xffn))
    return Uint8Array.from([...new Array<number>(zeros).fill(0), ...bytes])
  }
}
