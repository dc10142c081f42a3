import { bytesOf } from '@status-stack/account-rpc/methods'
import { type Context, defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'
import { flag } from '../flags.ts'
import { saveAttachment } from '../messages/attachment.ts'

/** Writes the image or sound of a message to a file. */
export const attachment = defineCommand({
  name: 'attachment',
  summary: 'write the image or sound of a message to a file',
  positions: [['<message>', 'message id: 0x…']],
  flags: [flag('--out <file>', 'a file that is not there yet, a folder, or - for stdout', { required: true })],
  examples: [['a picture', 'attachment 0x7a15… --out photo.png']],
  load: () => import('../messenger.ts'),
  run: async (
    { options: { out }, globals, output, args: [message = ''] }: Context<{ readonly out: string }>,
    { parseMessageId, withAccount }
  ) => {
    const messageId = parseMessageId(message)
    if (out === '-' && output.json)
      throw new CliError('usage', 'stdout', '--json and the file cannot both go to stdout')
    // Its bytes are another person's: a terminal would act on them.
    if (out === '-' && process.stdout.isTTY === true)
      throw new CliError('usage', 'stdout', 'the file is not written to a terminal', 'give --out FILE, or pipe it on')
    await withAccount({ network: 'offline' }, globals, output, async ({ account }) => {
      const found = await account.attachment({ messageId })
      if (out === '-') {
        await new Promise<void>((resolve, reject) =>
          process.stdout.write(bytesOf(found), error => (error ? reject(error) : resolve()))
        )
        return
      }
      const { kind, type, bytes } = found
      const file = await saveAttachment(found, out)
      output.data({ event: 'saved', messageId, file, kind, type, bytes }, file)
    })
  }
})
