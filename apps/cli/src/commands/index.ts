import type { Definition } from '../command.ts'
import { account } from './account/index.ts'
import { attachment } from './attachment.ts'
import { call } from './call.ts'
import { chat } from './chat.ts'
import { chats } from './chats.ts'
import { completeWords } from './complete-words.ts'
import { completion } from './completion.ts'
import { config } from './config.ts'
import { conformance } from './conformance.ts'
import { contacts } from './contacts.ts'
import { daemon } from './daemon.ts'
import { deleteMessage } from './delete.ts'
import { demo } from './demo.ts'
import { devices } from './devices.ts'
import { doctor } from './doctor.ts'
import { edit } from './edit.ts'
import { fetchCommand } from './fetch.ts'
import { forecast } from './forecast.ts'
import { group } from './group.ts'
import { history } from './history.ts'
import { init } from './init.ts'
import { inspect } from './inspect.ts'
import { keys } from './keys.ts'
import { ledger } from './ledger.ts'
import { listen } from './listen.ts'
import { mailserver } from './mailserver.ts'
import { man } from './man.ts'
import { node } from './node.ts'
import { participant } from './participant.ts'
import { profiles } from './profiles.ts'
import { react } from './react.ts'
import { retry } from './retry.ts'
import { seen } from './seen.ts'
import { send } from './send.ts'
import { simulate } from './simulate.ts'
import { verify } from './verify.ts'
import { web } from './web.ts'
import { whoami } from './whoami.ts'

/** Every command, in the order of the help. */
export const commands: readonly Definition[] = [
  ...[init, whoami, account, profiles, verify, keys],
  ...[node, send, listen, fetchCommand, chat, daemon, mailserver, call, web],
  ...[react, edit, deleteMessage, seen, retry, attachment],
  ...[history, ledger, chats, contacts, group, devices],
  ...[demo, conformance, inspect, simulate, forecast, doctor, config, completion, man, completeWords, participant]
]
