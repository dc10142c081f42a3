import { hexToBytes } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'
import { counted, printable } from '@status-stack/utils'
import type { ChatFact, ContactFact, DeviceFact } from '../methods.ts'
import type { KeyHex } from '../targets.ts'
import { chatTitle, keyNames, type Names, shownPerson } from './names.ts'
import type { View } from './view.ts'

/**
 * A chat as a line of a list.
 *
 * @example
 * ```ts
 * for (const chat of await account.chats()) console.log(chatView(chat, names).text)
 * ```
 */
export function chatView(chat: ChatFact, names: Names = keyNames): View {
  const { group } = chat
  const about = [
    ...(chat.active ? [] : ['not active']),
    ...(chat.unread > 0 ? [`${chat.unread} unread`] : []),
    ...(chat.unreadMentions > 0 ? [`${chat.unreadMentions} that mention you`] : []),
    ...(chat.request ? ['message request'] : []),
    ...(chat.muted ? ['muted'] : []),
    ...(group === undefined
      ? []
      : [
          counted(group.members.length, 'member'),
          ...(group.member ? (group.joined ? [] : ['invited']) : ['not a member'])
        ])
  ]
  const name = group === undefined ? chatTitle(chat.chat, names) : `${printable(group.name)} (${chat.id.slice(0, 8)}…)`
  return { event: chat, text: `${name}${about.length === 0 ? '' : `  ${about.join(', ')}`}` }
}

/**
 * A device of the account as a line of a list.
 *
 * @example
 * ```ts
 * account.on('device', fact => console.log(deviceView(fact).text))
 * ```
 */
export function deviceView(device: DeviceFact): View {
  return {
    event: device,
    text: [
      device.installationId,
      [printable(device.name || '(no name)'), printable(device.deviceType)].filter(part => part !== '').join(' '),
      device.enabled ? 'enabled' : 'not enabled',
      ...(device.change === undefined ? [] : [device.change])
    ].join('  ')
  }
}

/**
 * A contact as a line of a list.
 *
 * @example
 * ```ts
 * for (const contact of await account.contacts()) console.log(contactView(contact, names).text)
 * ```
 */
export function contactView(contact: ContactFact, names: Names = keyNames): View {
  const about = [
    contact.added ? 'added' : 'not added',
    ...(contact.requestReceived ? ['has added you'] : []),
    ...(contact.blocked ? ['blocked'] : []),
    ...(contact.minimum === 'auto' ? [] : [`at least ${contact.minimum}`]),
    ...(contact.pfs === 'on' ? [] : ['PFS off'])
  ]
  return {
    event: contact,
    text: [contact.text, ...calledBeside(contact.publicKey, names), about.join(', ')].join('  ')
  }
}

/** What a person is called beside their key, where that says more than the key, and what they claim to be called. */
function calledBeside(publicKey: KeyHex, names: Names): readonly string[] {
  const person = names.person(publicKey)
  const claims = person.claimed !== '' && person.text !== person.claimed
  return [
    ...(person.kind === 'key' ? [] : [shownPerson(person)]),
    ...(claims
      ? [`${person.verified ? 'is' : 'claims to be'} ${person.claimed}${person.verified ? '' : ' (not verified)'}`]
      : [])
  ]
}

/**
 * A group with its members.
 *
 * @example
 * ```ts
 * console.log(groupView(chat, names).text)
 * ```
 */
export function groupView(chat: ChatFact, names: Names = keyNames): View {
  const members = (chat.group?.members ?? []).map(
    ({ publicKey, admin, joined }) =>
      `  ${[encodeKeyText(hexToBytes(publicKey)), ...calledBeside(publicKey, names), ...(admin ? ['admin'] : []), ...(joined ? [] : ['invited'])].join('  ')}`
  )
  return { event: chat, text: [chatView(chat, names).text, `  ${chat.id}`, ...members].join('\n') }
}
