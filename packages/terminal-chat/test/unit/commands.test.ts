import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ledgerFact, messageFact } from '@status-stack/account-rpc'
import { keyHex } from '@status-stack/account-rpc/targets'
import { encodeKeyText } from '@status-stack/status-accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandName, commandRows } from '../../src/command-table.ts'
import { keyRows } from '../../src/help.ts'
import { meantCommand } from '../../src/slips.ts'
import { createWorld, eventually, mailserverId, type Person, type World } from './world.ts'

let world: World
let alice: Person
let bob: Person
let cut: () => void
let archive: Awaited<ReturnType<World['archive']>>

beforeAll(async () => {
  world = createWorld()
  alice = await world.person('alice')
  bob = await world.person('bob', { mailservers: [mailserverId] })
  archive = await world.archive()
  archive.feed(alice)
  cut = world.connect(alice, bob).cut
  await eventually('both online', () => (alice.client.connected() && bob.client.connected()) || undefined)
})
afterAll(() => world.dispose())

const keyOf = ({ client }: Person): string => encodeKeyText(client.publicKey)
const withBob = () => ({ kind: 'one-to-one', publicKey: bob.client.publicKey }) as const
const withAlice = () => ({ kind: 'one-to-one', publicKey: alice.client.publicKey }) as const
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(300, 5)])
/** So many frames of 7 bytes at 44.1 kHz. */
const aac = (frames: number): Buffer =>
  Buffer.concat(Array.from({ length: frames }, () => Buffer.from([0xff, 0xf1, 0x50, 0x80, 0, 0xff, 0xfc])))
const escapeKey = '\u001b'
const factsOf = async (who: Person, chat: Parameters<Person['client']['messages']>[0]) =>
  (await who.client.messages(chat)).map(messageFact)
const newest = async (who: Person, chat: Parameters<Person['client']['messages']>[0]) => (await factsOf(who, chat))[0]
const groupOf = async (who: Person) => {
  const group = (await who.client.chats()).find(({ chat }) => chat.kind === 'group')
  if (group?.group === undefined) throw new Error('no group')
  return { id: group.id, ...group.group }
}
const page = async (who: Person, line: string, wanted: RegExp): Promise<string> => {
  const shown = await who.enter(line, wanted)
  who.type(escapeKey)
  return shown
}

/** One conversation in which every command is used, in this order; a command that is not here fails the test below. */
const scenes: Readonly<Record<CommandName, () => Promise<void>>> = {
  help: async () => {
    await page(alice, '/help', /Help, .*\n[\s\S]*Enter +sends/)
    await page(alice, '/help policy', /LEVEL is auto, forward-secret[\s\S]*status-stack contacts policy/)
    await alice.enter('/help sned', /unknown command: \/sned/)
  },
  whoami: async () => {
    expect(await page(alice, '/whoami', /Your public key/)).toContain(keyOf(alice))
  },
  qr: async () => {
    const shown = await page(alice, '/qr', /Your contact link/)
    expect(shown).toContain(keyOf(alice))
    expect(shown).toMatch(/█▀+.*█\n/)
  },
  peers: async () => void (await page(alice, '/peers', /Peers[\s\S]*[0-9a-f]{16}…/)),
  to: async () => {
    await alice.enter(`/to ${keyOf(bob)}`, /Nothing was said yet/)
    await alice.enter('hello bob', /me: hello bob {2}\[encrypted, no forward secrecy\] ✓✓ received/)
  },
  next: async () => {
    await bob.until(/zQ3sh\S+ +1│/)
    await bob.enter('/next', /── new ─+\n.*: hello bob/)
    expect(await bob.enter('/next', /nothing is unread/)).toContain('request: /accept')
  },
  accept: async () => {
    await bob.enter('/accept', /accepted/)
    await bob.until(/^(?![\s\S]*request:)/)
    expect((await bob.client.chats())[0]?.request).toBe(false)
  },
  add: async () => {
    await bob.enter(`/add ${keyOf(alice)}`, /zQ3sh\S+ +added/)
    expect(await bob.client.contact(alice.client.publicKey)).toMatchObject({ added: true })
    await eventually('alice hears of it', async () =>
      (await alice.client.contact(bob.client.publicKey)).requestReceived ? true : undefined
    )
  },
  contacts: async () => void (await page(bob, '/contacts', new RegExp(`${keyOf(alice)} +added`))),
  name: async () => {
    await alice.enter('/name Bob from work', new RegExp(`${keyOf(bob)} +Bob from work +not added`))
    await alice.until(/▸ Bob from work +│/)
    alice.type('hello @Bob')
    await alice.until(/@Bob-from-work/)
    alice.type('\u0015')
    await alice.enter('/name @Bob-from-work Bobby', /▸ Bobby +│/)
    await alice.enter(`/name ${keyOf(bob)}`, /▸ zQ3sh\S+ +│/)
    await alice.enter(`/name ${'x'.repeat(65)}`, /at most 64/)
    expect(await bob.client.contact(alice.client.publicKey)).toMatchObject({ name: '' })
  },
  reply: async () => {
    await bob.enter('/reply well met', /↳ hello bob\n.*me: well met/)
    await alice.until(/↳ hello bob\n.*: well met {2}\[forward secret\]/)
    expect(await newest(alice, withBob())).toMatchObject({ text: 'well met', replyTo: await newestId(alice, 1) })
  },
  react: async () => {
    await alice.enter('/react love', /love 1/)
    await bob.until(/me: well met.*\n.* +love 1/)
    expect(await newest(bob, withAlice())).toMatchObject({
      reactions: [{ emoji: 'love', author: keyHex(alice.client.publicKey) }]
    })
    alice.type('/react love\r')
    await alice.until(/^(?![\s\S]*love 1)/)
    await bob.until(/^(?![\s\S]*love 1)/)
    await alice.enter('/react banana', /not a reaction: banana; one of love ❤️, /)
  },
  edit: async () => {
    await bob.enter('/edit well met, alice', /well met, alice \(edited\)/)
    await alice.until(/: well met, alice \(edited\)/)
    const fact = await newest(alice, withBob())
    expect(fact).toMatchObject({ text: 'well met, alice', editedMs: expect.any(Number) })
  },
  delete: async () => {
    await bob.enter('a slip', /me: a slip {2}\[forward secret\] ✓✓/)
    await bob.enter('/delete now', /usage: \/delete/)
    await bob.enter('/delete', /me: \(deleted\)/)
    await alice.until(/: \(deleted\)/)
    expect(await newest(alice, withBob())).toMatchObject({ deleted: true, text: '' })
  },
  ledger: async () => {
    const shown = await page(alice, '/ledger', /Delivery/)
    const entry = await alice.client.ledger(await newestId(alice, 2))
    if (entry === undefined) throw new Error('no entry')
    expect(ledgerFact(entry, alice.client.publicKey).mark).toMatchObject({ sign: '✓✓', words: 'received' })
    expect(shown).toMatch(/✓✓ received/)
    expect(alice.screen()).toMatch(/hello bob {2}\[encrypted, no forward secrecy\] ✓✓ received/)
  },
  verify: async () => {
    const [hers, his] = [await page(alice, '/verify', /Verify/), await page(bob, '/verify', /Verify/)]
    const numbers = /\d{5} \d{5} \d{5} \d{5}/g
    expect(hers.match(numbers)).toEqual(his.match(numbers))
    expect(hers.match(numbers)).toHaveLength(3)
  },
  policy: async () => {
    await alice.enter('/policy', /at least auto, PFS on/)
    await alice.enter('/policy forward-secret pfs=on', /at least forward-secret, PFS on/)
    expect(await alice.client.contact(bob.client.publicKey)).toMatchObject({ minimum: 'forward-secret' })
    await alice.enter('/policy auto pfs=no', /pfs is on or off/)
    await alice.enter(`/policy ${keyOf(bob)} auto`, /at least auto/)
  },
  search: async () => {
    await page(alice, '/search WELL', /1 found in \d+ messages[\s\S]*well met, alice/)
    await page(alice, '/search nowhere', /nothing found/)
    await alice.client.joinPublic('elsewhere')
    await alice.client.send({ kind: 'public', name: 'elsewhere' }, { text: 'a well of stories' })
    await alice.enter(
      '/search --all well',
      /2 found in \d+ messages of 2 of 2 chats[\s\S]*#elsewhere · me: a well of stories/
    )
    alice.type('\u001b[B')
    alice.type('\u001b[A\r')
    const [hit] = await alice.client.messages({ kind: 'public', name: 'elsewhere' })
    await eventually('it is shown', () => alice.store.get().selected === hit?.messageId || undefined)
    expect(alice.screen()).toMatch(/#elsewhere[\s\S]*me: a well of stories/)
    await alice.enter(`/to ${keyOf(bob)}`, /well met, alice/)
  },
  editor: async () => {
    alice.editorText = 'from the editor\nsecond line'
    await alice.enter('/editor', /> from the editor\n {2}second line/)
    alice.type('\r')
    await bob.until(/: from the editor\n.* {6}second line/)
  },
  devices: async () => {
    await page(alice, '/devices', new RegExp(`this device: ${alice.client.installationId}`))
    await page(alice, `/devices ${keyOf(bob)}`, /Devices[\s\S]*enabled/)
    await alice.enter('/devices pair laptop', new RegExp(`devices enable ${alice.client.installationId}`))
    await alice.enter('/devices sync', /sent contacts and public chats/)
    await alice.enter('/devices enable', /usage: \/devices/)
    await alice.enter('/devices disable nobody', /device|unknown/)
  },
  cancel: async () => {
    cut()
    await alice.until(/● online/)
    await alice.enter('too late', /me: too late/)
    await alice.enter('/cancel', /cancelled: what has not arrived/)
    await alice.until(/me: too late {2}\[.*\] ! given up: cancelled/)
  },
  retry: async () => {
    cut = world.connect(alice, bob).cut
    await alice.enter('/retry', /tried again/)
    await alice.enter('in time', /me: in time.*✓✓ received/)
  },
  join: async () => {
    await alice.enter('/join #hikers', /#hikers[\s\S]*Nothing was said yet/)
    await bob.enter('/join hikers', /▸ #hikers/)
    await alice.enter('to everybody', /me: to everybody {2}\[public\] ✓ on the network/)
    await bob.until(/: to everybody {2}\[public\]/)
  },
  fetch: async () => {
    await alice.enter('/fetch', /no mailserver is set/)
    await bob.enter('/fetch soon', /not a time to fetch from: soon/)
    cut()
    const before = archive.size()
    await alice.enter('while you were away', /me: while you were away/)
    await eventually('it is archived', () => archive.size() > before || undefined)
    archive.serve(bob)
    await bob.until(/● online/)
    await bob.enter('/fetch 1', /1 new message; mailserver \S+: 1 page/)
    expect(bob.screen()).toMatch(/: while you were away/)
    expect(await newest(bob, { kind: 'public', name: 'hikers' })).toMatchObject({
      source: { mailserver: mailserverId }
    })
    cut = world.connect(alice, bob).cut
  },
  chats: async () => void (await page(bob, '/chats', /Chats[\s\S]*#hikers/)),
  leave: async () => {
    await alice.enter(`/to ${keyOf(bob)}`, /▸ zQ3sh/)
    await alice.enter('/leave', /cannot be left/)
    await alice.enter('/join #hikers', /▸ #hikers/)
    await alice.enter('/leave', /left/)
    expect((await alice.client.chats()).find(({ id }) => id === 'hikers')?.active).toBe(false)
  },
  'group-create': async () => {
    await alice.enter(`/group-create "the climbers" ${keyOf(bob)}`, /the climbers {2}\(2 members\)/)
    expect(await groupOf(alice)).toMatchObject({ name: 'the climbers', joined: true })
    await bob.until(/the climbers/)
    // A stranger may call a group as they like: only one that was joined is found by its name.
    await bob.enter('/to The Climbers', /no known person or joined group is called The Climbers/)
    bob.type('\u0015')
    await bob.enter(`/to ${(await groupOf(bob)).id}`, /invited: \/accept/)
    await bob.enter('/join', /accepted/)
    expect(bob.screen()).toMatch(/· zQ3sh\S+ created the group/)
    expect(await groupOf(bob)).toMatchObject({ joined: true })
    await bob.enter('/join #hikers', /▸ #hikers/)
    await bob.enter('/to The Climbers', /▸ the climbers/)
  },
  members: async () => {
    expect(await page(bob, '/members', new RegExp(`${keyOf(alice)} +admin`))).toContain(keyOf(bob))
  },
  invite: async () => {
    await alice.enter('/invite zQ3shnobody', /not a public key/)
    const carol = await world.person('carol')
    const shown = await page(alice, `/invite ${keyOf(carol)}`, /Group/)
    expect(shown).toMatch(new RegExp(`${keyOf(carol)} +invited`))
    await eventually('bob sees her', async () => ((await groupOf(bob)).members.length === 3 ? true : undefined))
  },
  remove: async () => {
    const [carol] = (await groupOf(alice)).members.slice(-1)
    if (carol === undefined) throw new Error('no carol')
    await alice.enter(`/remove ${encodeKeyText(carol.publicKey)}`, /removed from the group/)
    await eventually('bob sees it', async () => ((await groupOf(bob)).members.length === 2 ? true : undefined))
    await bob.enter('/join #hikers', /▸ #hikers/)
    bob.type(`/remove ${keyOf(alice)}\r`)
    await eventually('she is no contact any more', async () =>
      (await bob.client.contact(alice.client.publicKey)).added ? undefined : true
    )
  },
  promote: async () => {
    await page(alice, `/promote ${keyOf(bob)}`, new RegExp(`${keyOf(bob)} +admin`))
    await eventually('bob is an admin', async () =>
      (await groupOf(bob)).members.every(({ admin }) => admin) ? true : undefined
    )
  },
  rename: async () => {
    await alice.enter('/rename the swimmers', /the swimmers {2}\(2 members\)/)
    await bob.until(/the swimmers/)
  },
  'step-down': async () => {
    await alice.enter('/step-down', /no longer an admin/)
    const own = (await groupOf(alice)).members.find(
      ({ publicKey }) => keyHex(publicKey) === keyHex(alice.client.publicKey)
    )
    expect(own).toMatchObject({ admin: false })
  },
  image: async () => {
    await alice.enter(`/to ${keyOf(bob)}`, /▸ zQ3sh[\s\S]*me: in time/)
    await bob.enter(`/to ${keyOf(alice)}`, /▸ zQ3sh[\s\S]*: in time/)
    const file = join(alice.folder, 'a picture.png')
    writeFileSync(file, png)
    await alice.enter(`/image "${file}" look @nobody`, /me: \^[0-9a-f]{8} \[image png 308 B\] look @nobody/)
    await bob.until(/\^[0-9a-f]{8} \[image png 308 B\] look/)
    await alice.enter('/image', /usage: \/image/)
    await alice.enter('/image -', /usage: \/image/)
    await alice.enter('/image /nowhere/x.png', /the file cannot be read: \/nowhere\/x\.png/)
    writeFileSync(file, 'text')
    await alice.enter(`/image "${file}"`, /not an image that can be sent/)
  },
  audio: async () => {
    const file = join(bob.folder, 'sound.aac')
    writeFileSync(file, aac(44))
    await bob.enter(`/audio ${file}`, /me: \^[0-9a-f]{8} \[audio aac 308 B 1 s\]/)
    await alice.until(/\[audio aac 308 B 1 s\]/)
    writeFileSync(file, Buffer.from('fff1', 'hex'))
    await bob.enter(`/audio ${file}`, /does not say how long it is/)
  },
  save: async () => {
    const file = join(bob.folder, 'saved.aac')
    await bob.enter(`/save ${file}`, /saved .*saved\.aac/)
    expect(readFileSync(file)).toEqual(aac(44))
    await bob.enter(`/save ${file}`, /exists|is there/)
    const [picture] = (await bob.client.messages(withAlice())).filter(({ content }) => content.kind === 'image')
    await bob.enter(`/save ^${picture?.messageId.slice(2, 10)} ${bob.folder}`, /saved .*\.png/)
    expect(readFileSync(join(bob.folder, `${picture?.messageId.slice(2, 18)}.png`))).toEqual(png)
  },
  open: async () => {
    bob.type('/open\r')
    await eventually('it is opened', () => bob.files.length === 1 || undefined)
    expect(bob.files[0]).toMatchObject({ name: expect.stringMatching(/^[0-9a-f]{16}\.aac$/) })
  },
  view: async () => {
    await bob.enter('/view', /only pictures can be viewed/)
    const [picture] = (await bob.client.messages(withAlice())).filter(({ content }) => content.kind === 'image')
    bob.type(`/view ^${picture?.messageId.slice(2, 10)}\r`)
    await eventually('it is shown', () => bob.files.length === 2 || undefined)
    expect(Buffer.from(bob.files[1]?.bytes ?? [])).toEqual(png)
  },
  copy: async () => {
    await alice.enter('/copy link', /copied your contact link/)
    await alice.enter('/copy key', /copied your public key/)
    await alice.enter(`/copy ${keyOf(bob)}`, /copied their public key/)
    const first = (await alice.client.messages(withBob())).at(-1)?.messageId.slice(2, 10)
    await alice.enter(`/copy ^${first}`, /copied the text/)
    expect(alice.copied).toEqual([expect.stringContaining(keyOf(alice)), keyOf(alice), keyOf(bob), 'hello bob'])
  },
  mute: async () => {
    await alice.enter('/mute maybe', /usage: \/mute/)
    await alice.enter('/mute', /muted: no more notices/)
    await alice.until(/\(muted\)/)
    await alice.enter('/mute off', /no longer muted/)
    await alice.until(/^(?![\s\S]*\(muted\))/)
  },
  read: async () => {
    await alice.enter('/join #noise', /▸ #noise/)
    await bob.client.send(withAlice(), { text: 'unread' })
    await eventually(
      'it counts',
      async () => (await alice.client.chats()).some(({ unread }) => unread > 0) || undefined
    )
    await alice.enter('/read all', /1 message marked as read/)
    expect((await alice.client.chats()).every(({ unread }) => unread === 0)).toBe(true)
    await alice.enter('/read everything', /usage: \/read/)
    await alice.enter(`/to ${keyOf(bob)}`, /▸ zQ3sh/)
  },
  clear: async () => {
    await alice.enter(`/to ${keyOf(bob)}`, /me: in time/)
    await alice.enter('/clear', /deletes all stored messages .*\/clear yes/)
    await alice.enter('/clear yes', /Nothing was said yet[\s\S]*cleared/)
    expect(await alice.client.messages(withBob())).toEqual([])
  },
  block: async () => {
    await bob.enter(`/block ${keyOf(alice)}`, /blocked/)
    expect(await bob.client.contact(alice.client.publicKey)).toMatchObject({ blocked: true })
  },
  unblock: async () => {
    bob.type(`/unblock ${keyOf(alice)}\r`)
    await eventually('unblocked', async () =>
      (await bob.client.contact(alice.client.publicKey)).blocked ? undefined : true
    )
  },
  notices: async () => void (await page(alice, '/notices', /What happened[\s\S]*cleared/)),
  quit: async () => void (await alice.enter('/quit', /quit/))
}

/** Counted from the newest. */
async function newestId(who: Person, back: number): Promise<string> {
  const messages = await who.client.messages(who === alice ? withBob() : withAlice())
  return messages[back]?.messageId ?? ''
}

test('every command of the table does on both screens and in the store what it says', async () => {
  const missing = commandRows.map(([name]) => name).filter(name => !Object.hasOwn(scenes, name))
  expect(missing).toEqual([])
  for (const [name, scene] of Object.entries(scenes)) {
    await scene().catch(error => {
      throw new Error(`/${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    })
  }
})

test.each([
  ['nxet', 'next'],
  ['serach', 'search'],
  ['Help', 'help'],
  ['group', 'group-create'],
  ['ledgr', 'ledger'],
  ['xyzzy', undefined],
  ['', undefined]
])('the slip /%s means %s', (typed, meant) => expect(meantCommand(typed)).toBe(meant))

test('the help names every key once', () => {
  const keys = keyRows.map(([name]) => name)
  expect(new Set(keys).size).toBe(keys.length)
})
