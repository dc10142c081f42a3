import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GoEvent, type GoProgram, startGo } from './go-program.ts'
import type { Group, Known, Person, Shown } from './person.ts'
import { patience, until } from './until.ts'

/** A person on status-go, and what only tests of status-go need. */
export interface TheirPerson extends Person {
  readonly side: 'theirs'
  /** The folder with key and database. */
  readonly data: string
  readonly tell: (command: string, fields?: Readonly<Record<string, unknown>>, timeoutMs?: number) => Promise<GoEvent>
  /** Everything that the program of the last start said. */
  readonly events: () => readonly GoEvent[]
  /** Stops for good and deletes the folder. */
  readonly end: () => Promise<void>
}

const kinds: Readonly<Record<number, Shown['kind']>> = { 1: 'text', 2: 'sticker', 4: 'emoji' }

function shownOf(event: GoEvent): Shown {
  const { sticker, content } = event
  return {
    id: String(event['id']),
    from: String(event['from']),
    chat: String(event['chat']),
    text: String(event['text']),
    kind: kinds[Number(content)] ?? 'other',
    reply: String(event['reply']),
    ...(sticker === undefined ? {} : { sticker: sticker as { pack: number; hash: string } })
  }
}

function groupOf(event: GoEvent): Group {
  const members = event['members'] as readonly { id: string; admin: boolean; joined: boolean }[]
  return { name: String(event['name']), members: members.map(({ id, ...rest }) => ({ key: id, ...rest })) }
}

interface TheirOptions {
  readonly datasync: boolean
  /** enode URLs that it keeps a connection to. */
  readonly dials: readonly string[]
}

/** The program, which is started again on the same folder, and what it has said since the beginning. */
function deviceOf(program: string, name: string, options: TheirOptions) {
  const data = mkdtempSync(join(tmpdir(), 'status-stack-theirs-'))
  const past: GoEvent[] = []
  let running: GoProgram | undefined
  let numbers = 0
  const events = (): readonly GoEvent[] => running?.events ?? []
  const tell: TheirPerson['tell'] = async (command, fields = {}, timeoutMs = patience) => {
    const number = ++numbers
    running?.tell({ ...fields, number, do: command })
    const answer = (): GoEvent | undefined => events().find(event => event['number'] === number)
    await until(`${name} to obey ${command}`, () => answer() !== undefined, timeoutMs)
    const said = answer() as GoEvent
    if (said.event === 'failed') throw new Error(`${name} could not ${command}: ${String(said['reason'])}`)
    return said
  }
  const start = async (): Promise<void> => {
    running = await startGo(program, ['-data', data, `-datasync=${options.datasync}`], 'ready')
    for (const enode of options.dials) await tell('dial', { enode })
    await until(`${name} to be connected`, () => events().filter(peerAdded).length >= options.dials.length)
  }
  const stop = async (): Promise<void> => {
    if (running === undefined) return
    await running.stop()
    past.push(...running.events)
    running = undefined
  }
  return { data, events, everything: (): readonly GoEvent[] => [...past, ...events()], tell, start, stop }
}

/** A status-go messenger in a process of its own. */
export async function startTheirs(program: string, name: string, options: TheirOptions): Promise<TheirPerson> {
  const { data, events, everything, tell, start, stop } = deviceOf(program, name, options)
  const last = (kind: string, id: string): GoEvent | undefined =>
    everything().findLast(({ event, id: about }) => event.endsWith(kind) && about === id)
  await start()
  const ready = events().find(({ event }) => event === 'ready') as GoEvent
  return {
    side: 'theirs',
    name,
    data,
    key: String(ready['key']),
    installation: String(ready['installation']),
    events,
    tell,
    start,
    stop,
    end: async () => {
      await stop()
      rmSync(data, { recursive: true, force: true })
    },
    get shown() {
      return everything()
        .filter(({ event }) => event === 'received.message')
        .map(shownOf)
    },
    say: async (chat, text, { reply, emoji, sticker } = {}) => {
      const content = sticker !== undefined ? 2 : emoji === true ? 4 : 1
      return String((await tell('send', { chat, text, reply, content, ...sticker }))['id'])
    },
    openChat: async key => void (await tell('open', { to: key, name: key.slice(0, 10) })),
    joinPublic: async chat => void (await tell('join', { chat })),
    addContact: async (to, image) => void (await tell('contact', { to, image })),
    known: async (key): Promise<Known | undefined> => {
      const contact = last('.contact', key)
      if (contact === undefined) return undefined
      const tags = (contact['tags'] ?? []) as readonly string[]
      return {
        added: tags.includes(':contact/added'),
        askedUs: tags.includes(':contact/request-received'),
        picture: String(contact['photo'] ?? ''),
        ens: String(contact['name'] ?? '')
      }
    },
    createGroup: async (title, members) => String((await tell('group', { name: title, members }))['chat']),
    joinGroup: async chat => void (await tell('confirm', { chat })),
    invite: async (chat, member) => void (await tell('invite', { chat, members: [member] })),
    promote: async (chat, member) => void (await tell('promote', { chat, members: [member] })),
    remove: async (chat, member) => void (await tell('remove', { chat, to: member })),
    leaveGroup: async chat => void (await tell('leave', { chat })),
    group: async id => {
      const chat = last('.chat', id)
      return chat === undefined ? undefined : groupOf(chat)
    },
    pair: async title => {
      await tell('name', { id: String(ready['installation']), name: title })
      await tell('pair')
    },
    devices: async () => {
      const found = everything().filter(({ event }) => event.endsWith('.installation'))
      return new Map(
        found.map(({ id, metadata }) => [String(id), String((metadata as { name?: string } | null)?.name)])
      )
    },
    enableDevice: async id => void (await tell('enable', { id }))
  }
}

const peerAdded = ({ event }: GoEvent): boolean => event === 'peer.add'
