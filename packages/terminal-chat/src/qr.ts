import { encode } from 'uqr'

/** A QR code as rows of half blocks, two modules a character; drawn are the dark ones. */
export function qrRows(text: string): readonly string[] {
  const { data, size } = encode(text, { ecc: 'L', border: 2 })
  const dark = (row: number, column: number): boolean => data[row]?.[column] === true
  return Array.from({ length: Math.ceil(size / 2) }, (_, row) =>
    Array.from({ length: size }, (_column, column) => {
      const [upper, lower] = [dark(2 * row, column), dark(2 * row + 1, column)]
      return upper ? (lower ? '█' : '▀') : lower ? '▄' : ' '
    }).join('')
  )
}
