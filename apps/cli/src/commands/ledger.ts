import { defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'

/** What became of one message. */
export const ledger = defineCommand({
  name: 'ledger',
  summary: 'show what became of a message: posted, confirmed, acknowledged, given up',
  positions: [['<message>', 'message id: 0x…']],
  examples: [['one message', 'ledger 0x3e91…']],
  load: () => import('../messenger.ts'),
  run: async ({ globals, output, args: [message = ''] }, { withAccount, parseMessageId, ledgerView }) => {
    await withAccount({ network: 'offline' }, globals, output, async ({ account, names, show }) => {
      const entry = await account.ledger({ messageId: parseMessageId(message) })
      if (entry === null) throw new CliError('failed', 'unknown-message', `there is no ledger entry for ${message}`)
      show(ledgerView(entry, names))
    })
  }
})
