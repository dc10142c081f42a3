import { count } from '@status-stack/command-line'
import { type Context, defineCommand } from '../command.ts'
import type { ParticipantOptions } from '../demo/participant.ts'
import { flag, mailserverOption, peerOption, privacyOption } from '../flags.ts'

/** One person of the demo, in a process of its own. */
export const participant = defineCommand({
  name: 'participant',
  summary: '',
  hidden: true,
  flags: [
    peerOption(),
    privacyOption(),
    mailserverOption(),
    flag('--sync-retry-ms <ms>', 'first retry', { parse: count })
  ],
  load: () => import('../demo/participant.ts'),
  run: ({ options, globals, output }: Context<ParticipantOptions>, { takePart }) => takePart(options, globals, output)
})
