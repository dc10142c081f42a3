import { type Command, Option } from 'commander'
import type { Action } from '../command.ts'
import {
  count,
  examples,
  mailserverOption,
  peerOption,
  pfsOption,
  sinceOption,
  timeoutOption,
  untilOption
} from './flags.ts'

export function conversationCommands(program: Command, action: Action): void {
  program
    .command('history')
    .description('show stored messages of a conversation, oldest first; needs no network but to --fetch')
    .argument('<who>', 'a public key, a contact link, #name of a public chat, or the id of a group')
    .option('--limit <number>', 'at most so many', count, 50)
    .option('--before <message>', 'only older than this message id')
    .option('--search <text>', 'only with this text')
    .option('--ids', 'with the id of each message, for react, edit, delete and reply-to')
    .option('--save-images <folder>', 'write the images of what is shown there, named by message id')
    .option('--fetch', 'ask a mailserver first for what is not here')
    .addOption(sinceOption())
    .addOption(untilOption())
    .addOption(mailserverOption())
    .addOption(peerOption())
    .addOption(timeoutOption('longest wait for a mailserver (default: 30)'))
    .addHelpText(
      'after',
      examples(
        ['the last ten', 'history zQ3sh… --limit 10'],
        ['find something', 'history "#status" --search meeting'],
        ['with the ids that other commands take', 'history zQ3sh… --ids'],
        ['the page before a message', 'history zQ3sh… --before 0x3e91…'],
        ['for a program', 'history "#status" --json'],
        ['what came meanwhile too', 'history zQ3sh… --fetch --mailserver enode://…']
      )
    )
    .action(
      action<import('../commands/conversations.ts').HistoryOptions>(async (...all) =>
        (await import('../commands/conversations.ts')).history(...all)
      )
    )

  program
    .command('ledger')
    .description('show what became of a message: posted, confirmed, acknowledged, given up')
    .argument('<message>', 'message id: 0x…')
    .addHelpText('after', examples(['one message', 'ledger 0x3e91…']))
    .action(action(async (...all) => (await import('../commands/conversations.ts')).ledger(...all)))

  chatsCommands(program, action)
  contactsCommands(program, action)
  groupCommands(program, action)
  devicesCommands(program, action)
}

function chatsCommands(program: Command, action: Action): void {
  const chats = program
    .command('chats')
    .description('conversations of this profile')
    .addHelpText(
      'after',
      examples(
        ['what there is, with what is unread', 'chats'],
        ['join a public chat', 'chats join "#status"'],
        ['accept a stranger', 'chats accept zQ3sh…']
      )
    )
  chats
    .command('list', { isDefault: true })
    .description('all of them, with what is unread')
    .addHelpText('after', examples(['what there is', 'chats'], ['for a program', 'chats list --json']))
    .action(
      action(async (options, globals, output) =>
        (await import('../commands/conversations.ts')).listChats(options, globals, output)
      )
    )
  chats
    .command('join')
    .description('join a public chat')
    .argument('<name>', '#name')
    .addHelpText('after', examples(['a public chat', 'chats join "#status"']))
    .action(action(async (...all) => (await import('../commands/conversations.ts')).joinChat(...all)))
  chats
    .command('leave')
    .description('leave a public chat')
    .argument('<name>', '#name')
    .addHelpText('after', examples(['a public chat', 'chats leave "#status"']))
    .action(action(async (...all) => (await import('../commands/conversations.ts')).leaveChat(...all)))
  chats
    .command('clear')
    .description('delete the stored messages of a conversation')
    .argument('<who>', 'a public key, #name, or the id of a group')
    .addHelpText('after', examples(['a public chat', 'chats clear "#status"'], ['a person', 'chats clear zQ3sh…']))
    .action(action(async (...all) => (await import('../commands/conversations.ts')).clearChat(...all)))
  chats
    .command('accept')
    .description('accept the message request of a stranger')
    .argument('<who>', 'a public key')
    .addHelpText('after', examples(['a new person', 'chats accept zQ3sh…']))
    .action(action(async (...all) => (await import('../commands/conversations.ts')).acceptChat(...all)))
}

function contactsCommands(program: Command, action: Action): void {
  const contacts = program
    .command('contacts')
    .description('people of this profile')
    .addHelpText(
      'after',
      examples(
        ['all contacts', 'contacts'],
        ['add a contact, and tell them', 'contacts add zQ3sh… --peer enode://…@host:30303'],
        ['block a contact', 'contacts block zQ3sh…']
      )
    )
  contacts
    .command('list', { isDefault: true })
    .description('list all contacts')
    .addHelpText('after', examples(['who there is', 'contacts']))
    .action(
      action(async (options, globals, output) =>
        (await import('../commands/contacts.ts')).listContacts(options, globals, output)
      )
    )
  const changes = [
    ['add', 'add a contact, and tell them'],
    ['remove', 'remove a contact'],
    ['block', 'block a contact'],
    ['unblock', 'unblock a contact']
  ] as const
  for (const [name, description] of changes) {
    const command = contacts.command(name).description(description).argument('<who>', 'a public key or a contact link')
    if (name === 'add') command.addOption(peerOption()).addOption(mailserverOption())
    command
      .addHelpText(
        'after',
        examples([description, `contacts ${name} zQ3sh…${name === 'add' ? ' --peer enode://…@host:30303' : ''}`])
      )
      .action(action(async (...all) => (await import('../commands/contacts.ts')).changeContact(name)(...all)))
  }
  contacts
    .command('policy')
    .description('least protection for one person')
    .argument('<who>', 'a public key')
    .addOption(
      new Option('--minimum <level>', 'least protection to send and to show').choices([
        'auto',
        'forward-secret',
        'static-key',
        'any'
      ])
    )
    .addOption(pfsOption())
    .addHelpText('after', examples(['only forward-secret', 'contacts policy zQ3sh… --minimum forward-secret']))
    .action(
      action<import('../commands/contacts.ts').PolicyOptions>(async (...all) =>
        (await import('../commands/contacts.ts')).setPolicy(...all)
      )
    )
}

function groupCommands(program: Command, action: Action): void {
  const group = program
    .command('group')
    .description('private groups')
    .addHelpText(
      'after',
      examples(
        ['which there are', 'group'],
        ['make one', 'group create hikers zQ3sh… zQ3sh… --peer enode://…@host:30303'],
        ['accept an invitation', 'group join fcb42c9b-… --peer enode://…@host:30303'],
        ['write to all its members', 'send --to fcb42c9b-… --peer enode://…@host:30303 "hello"']
      )
    )
  group
    .command('list', { isDefault: true })
    .description('all groups')
    .addHelpText('after', examples(['which there are', 'group list']))
    .action(
      action(async (options, globals, output) =>
        (await import('../commands/group.ts')).listGroups(options, globals, output)
      )
    )
  group
    .command('show')
    .description('one group and its members')
    .argument('<group>', 'its id')
    .addHelpText('after', examples(['who is in it', 'group show fcb42c9b-…']))
    .action(action(async (...all) => (await import('../commands/group.ts')).show(...all)))
  group
    .command('create')
    .description('make a group and invite people')
    .argument('<name>', 'its name')
    .argument('[members...]', 'public keys')
    .addOption(peerOption())
    .addHelpText(
      'after',
      examples(['a group of three', 'group create hikers zQ3sh… zQ3sh… --peer enode://…@host:30303'])
    )
    .action(action(async (...all) => (await import('../commands/group.ts')).create(...all)))
  const changes = [
    ['join', 'accept an invitation', undefined, 'join'],
    ['leave', 'leave a group', undefined, 'leave'],
    ['step-down', 'stop being an admin', undefined, 'stepDown'],
    ['rename', 'give a group another name', ['<name>', 'the new name'], 'rename'],
    ['invite', 'invite more people', ['<members...>', 'public keys'], 'invite'],
    ['promote', 'make members admins', ['<members...>', 'public keys'], 'promote'],
    ['remove', 'remove a member', ['<member>', 'a public key'], 'remove']
  ] as const
  for (const [name, description, argument, work] of changes) {
    const command = group.command(name).description(description).argument('<group>', 'its id')
    if (argument !== undefined) command.argument(argument[0], argument[1])
    command
      .addOption(peerOption())
      .addHelpText(
        'after',
        examples([
          description,
          `group ${name} fcb42c9b-…${argument === undefined ? '' : name === 'rename' ? ' climbers' : ' zQ3sh…'} --peer enode://…@host:30303`
        ])
      )
      .action(action(async (...all) => (await import('../commands/group.ts'))[work](...all)))
  }
}

function devicesCommands(program: Command, action: Action): void {
  const devices = program
    .command('devices')
    .description('devices of this identity, and pairing')
    .addHelpText(
      'after',
      examples(
        ['our own', 'devices'],
        ['on a new device: tell the others', 'devices pair --name laptop --peer enode://…@host:30303'],
        ['on an old one: send it copies', 'devices enable 7ec7eea3-…']
      )
    )
  devices
    .command('list', { isDefault: true })
    .description('our other devices, or those of a contact')
    .argument('[who]', 'a public key')
    .addHelpText('after', examples(['our own', 'devices'], ['a contact’s', 'devices list zQ3sh…']))
    .action(action(async (...all) => (await import('../commands/devices.ts')).listDevices(...all)))
  devices
    .command('pair')
    .description('tell the other devices about this one')
    .requiredOption('--name <name>', 'what they should call it')
    .option('--type <type>', 'what it is', 'terminal')
    .addOption(peerOption())
    .addHelpText('after', examples(['this is the laptop', 'devices pair --name laptop --peer enode://…@host:30303']))
    .action(
      action<import('../commands/devices.ts').PairOptions>(async (options, globals, output) =>
        (await import('../commands/devices.ts')).pair(options, globals, output)
      )
    )
  for (const enabled of [true, false]) {
    const name = enabled ? 'enable' : 'disable'
    devices
      .command(name)
      .description(enabled ? 'send copies to one of our devices' : 'send no copies to one of our devices')
      .argument('<installation>', 'its installation id')
      .addHelpText(
        'after',
        examples([enabled ? 'one that has paired' : 'one that was lost', `devices ${name} 7ec7eea3-…`])
      )
      .action(action(async (...all) => (await import('../commands/devices.ts')).setDevice(enabled)(...all)))
  }
  devices
    .command('sync')
    .description('send contacts and public chats to our other devices')
    .addOption(peerOption())
    .addHelpText('after', examples(['all of them', 'devices sync --peer enode://…@host:30303']))
    .action(
      action(async (options, globals, output) =>
        (await import('../commands/devices.ts')).syncDevices(options, globals, output)
      )
    )
}
