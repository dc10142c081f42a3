import { defineCommand } from '../command.ts'
import { bootnodeOption, mailserverOption, peerOption, privacyOption, settingFlag, timeoutOption } from '../flags.ts'

/** Looks for what keeps people from talking. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'look for what keeps people from talking',
  flags: [
    peerOption(),
    privacyOption(),
    mailserverOption(),
    bootnodeOption(),
    settingFlag('nodeListen', { what: 'host:port on which a node would listen' }),
    settingFlag('nat', { what: 'how a node would open its ports: none, any, upnp, pmp[:IP] or extip:IP' }),
    timeoutOption('longest wait for an answer (default: 10)')
  ],
  examples: [
    ['this machine', 'doctor'],
    ['and a relay', 'doctor --peer enode://…'],
    ['before a node is opened to the network', 'doctor --listen 0.0.0.0:30303']
  ],
  load: () => import('../doctor/examine.ts'),
  run: ({ globals, output }, { examine }) => examine(globals, output)
})
