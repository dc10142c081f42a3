import { type Context, defineCommand } from '../command.ts'
import type { DemoOptions } from '../demo/world.ts'
import { flag, privacyOption, timeoutOption } from '../flags.ts'

/** The whole stack on this machine, over RLPx on loopback. */
export const demo = defineCommand({
  name: 'demo',
  summary: 'a relay, Alice, Bob and Carol as processes of their own, and what each layer does',
  flags: [
    privacyOption(),
    flag('--carrier <carrier>', 'what packets travel over', { choices: ['tcp', 'ws'], fallback: 'tcp' }),
    timeoutOption('longest time of one wait (default: 30)')
  ],
  examples: [
    ['watch it', 'demo'],
    ['with Waku over WebSocket', 'demo --privacy waku --carrier ws']
  ],
  load: () => import('../demo/demo.ts'),
  run: ({ options, globals, output }: Context<DemoOptions>, { runDemo }) => runDemo(options, globals, output)
})
