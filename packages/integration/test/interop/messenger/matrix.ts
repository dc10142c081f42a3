import { badNetworks } from './bad-network.ts'
import { conversations } from './conversations.ts'
import { devices } from './devices.ts'
import { groups } from './groups.ts'
import { mail } from './mail.ts'
import { relays } from './relays.ts'
import type { Scenario } from './scenario.ts'
import { chains } from './whisper-chain.ts'
import { whisperNodes } from './whisper-nodes.ts'

/** All scenarios, in the order of the page. */
export const scenarios: readonly Scenario[] = [
  ...conversations,
  ...groups,
  ...devices,
  ...badNetworks,
  ...mail,
  ...relays,
  ...chains,
  ...whisperNodes
]
