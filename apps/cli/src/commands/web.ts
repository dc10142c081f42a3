import { type Context, defineCommand } from '../command.ts'
import { bootnodeOption, flag, listenOption, peerOption, privacyOption } from '../flags.ts'
import type { WebFlags } from '../web/run-web.ts'

/** The messenger in a browser, and a node for it. */
export const web = defineCommand({
  name: 'web',
  summary: 'serve the messenger as a web page on this machine, with a node that it joins',
  flags: [
    flag('--http <address>', 'where the page is served: a port, or host:port of this machine', {
      fallback: '127.0.0.1:8580'
    }),
    flag('--archive <folder>', 'where messages are kept for when the page is closed (default: in the profile)'),
    listenOption(),
    peerOption(),
    privacyOption(),
    bootnodeOption()
  ],
  more: ['Identities are made in the page and stay in the browser; no profile is needed.'],
  examples: [
    ['the messenger in a browser', 'web'],
    ['on another port', 'web --http 8581'],
    ['joined to a network', 'web --http 8582 --peer enode://…@host:30303']
  ],
  load: () => import('../web/run-web.ts'),
  run: (context: Context<WebFlags>, { runWeb }) => runWeb(context)
})
