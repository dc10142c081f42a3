import { encodeKeyText, identiconOf } from '@status-stack/status-accounts'
import { readPublicAccount } from '../account.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { profileOf } from '../profile.ts'
import { parseKey } from '../target.ts'
import { hexKey } from '../view.ts'

/** `verify`: what two people compare to know that they have each other's key. Needs no password. */
export async function verify(
  _: object,
  globals: Globals,
  output: Output,
  [who = '']: readonly string[]
): Promise<void> {
  const publicKey = parseKey(who)
  const own = await readPublicAccount(profileOf(globals))
  const { safetyText } = await import('@status-stack/status-client')
  const numbers = safetyText(own.publicKey, publicKey)
  const { cells, red, green, blue } = identiconOf(publicKey)
  const rows = Array.from({ length: 5 }, (_row, row) => cells.slice(5 * row, 5 * row + 5))
  const picture = rows.map(
    row =>
      `  ${row.map(cell => (cell ? (output.color ? `\u001b[48;2;${red};${green};${blue}m  \u001b[0m` : '██') : '  ')).join('')}`
  )
  const groups = numbers.split(' ')
  const lines = [0, 4, 8].map(start => `  ${groups.slice(start, start + 4).join(' ')}`)
  output.verbatim(
    {
      event: 'verification',
      publicKey: hexKey(publicKey),
      text: encodeKeyText(publicKey),
      safetyText: numbers,
      identicon: rows.map(row => row.map(cell => (cell ? 'x' : '.')).join('')),
      color: [red, green, blue]
    },
    [
      encodeKeyText(publicKey),
      '',
      ...picture,
      '',
      'Both of you see the same numbers, or a third party is between you:',
      ...lines
    ].join('\n')
  )
}
