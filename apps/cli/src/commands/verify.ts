import { modules } from '@status-stack/command-line'
import { defineCommand } from '../command.ts'
import { profileOf } from '../profile.ts'

/** What two people compare to know that they have each other's key. Needs no password for a key; names are encrypted. */
export const verify = defineCommand({
  name: 'verify',
  summary: 'show what two people compare to know that they have each other’s key',
  positions: [['<who>', 'a public key, a contact link or a name', 'contacts']],
  examples: [
    ['before you trust a key', 'verify zQ3sh…'],
    ['the one of a contact', 'verify Bob']
  ],
  load: async () => ({
    ...(await modules(
      import('../key-forms.ts'),
      import('@status-stack/account-rpc/targets'),
      import('../messenger.ts')
    )),
    ...(await modules(import('@status-stack/status-accounts'), import('@status-stack/status-client')))
  }),
  run: async ({ globals, output, args: [who = ''] }, kit) => {
    kit.assertPerson(who)
    const named = kit.isName(who)
      ? await kit.withAccount({ network: 'offline' }, globals, output, async ({ names }) => kit.findPerson(names, who))
      : who
    const publicKey = kit.parsePerson(named)
    const own = await kit.ownKey(profileOf(globals))
    const numbers = kit.safetyText(own, publicKey)
    const text = kit.encodeKeyText(publicKey)
    const { cells, red, green, blue } = kit.identiconOf(publicKey)
    const rows = Array.from({ length: 5 }, (_row, row) => cells.slice(5 * row, 5 * row + 5))
    const square = output.color ? `\u001b[48;2;${red};${green};${blue}m  \u001b[0m` : '██'
    const picture = rows.map(row => `  ${row.map(cell => (cell ? square : '  ')).join('')}`)
    const groups = numbers.split(' ')
    const lines = [0, 4, 8].map(start => `  ${groups.slice(start, start + 4).join(' ')}`)
    output.verbatim(
      {
        event: 'verification',
        publicKey: kit.keyHex(publicKey),
        text,
        safetyText: numbers,
        identicon: rows.map(row => row.map(cell => (cell ? 'x' : '.')).join('')),
        color: [red, green, blue]
      },
      [text, '', ...picture, '', 'Both of you see the same numbers, or a third party is between you:', ...lines].join(
        '\n'
      )
    )
  }
})
