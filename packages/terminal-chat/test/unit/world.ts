import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccount } from '@status-stack/account-rpc'
import { attachmentName, bytesOf } from '@status-stack/account-rpc/methods'
import { keyHex } from '@status-stack/account-rpc/targets'
import { bytesToHex, keccak256, utf8Bytes } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import { type Client, type ClientOptions, createClient } from '@status-stack/status-client'
import { type LinkPair, linkPair } from '@status-stack/status-client/testing'
import { type Archived, createWhisper } from '@status-stack/whisper'
import {
  archiveKey,
  bloomAdmits,
  decodeRequestPayload,
  envelopeBloom,
  openMessage,
  symmetricKeyFromPassword
} from '@status-stack/whisper/wire'
import { ClassicLevel } from 'classic-level'
import type { Effect } from '../../src/actions.ts'
import { createEffectRunner, type EffectRunner } from '../../src/effect-runner.ts'
import { followAccount } from '../../src/events.ts'
import { createKeyReader } from '../../src/keys.ts'
import { layout } from '../../src/layout.ts'
import { screenDisplay } from '../../src/screen-display.ts'
import { initialState } from '../../src/state.ts'
import { createStore, type Store } from '../../src/store.ts'
import type { ChatFiles, ToldError } from '../../src/surroundings.ts'
import { plainOf } from '../../src/text.ts'

const peerIdOf = (name: string): string => bytesToHex(keccak256(utf8Bytes(`peer ${name}`)))

/** Somebody with a real client in front of a screen that only lacks the terminal. */
export interface Person {
  readonly name: string
  readonly client: Client
  readonly store: Store
  /** What the screen shows. */
  readonly screen: () => string
  /** Keys as a terminal sends them. */
  readonly type: (keys: string) => void
  /** Types a line, sends it, and waits until the screen has what is wanted. */
  readonly enter: (line: string, wanted: RegExp) => Promise<string>
  readonly until: (wanted: RegExp) => Promise<string>
  readonly effects: readonly Effect['type'][]
  /** What the external editor gives back. */
  editorText: string
  /** What was copied, rung for, opened and shown. */
  readonly copied: string[]
  readonly rung: string[]
  readonly files: { readonly name: string; readonly bytes: Uint8Array }[]
  readonly folder: string
}

const watchdogMs = 20_000

export async function eventually<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + watchdogMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

export interface World {
  readonly person: (name: string, options?: ClientOptions) => Promise<Person>
  readonly connect: (a: Person, b: Person) => LinkPair
  /** Alice's envelopes are archived by one node, and served by another: nothing comes from it unasked. */
  readonly archive: () => Promise<{
    readonly peerId: string
    readonly size: () => number
    readonly feed: (who: Person) => void
    readonly serve: (who: Person) => void
  }>
  readonly dispose: () => Promise<void>
}

export function createWorld(): World {
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-tui-'))
  const stops: (() => Promise<void>)[] = []
  return {
    person: async (name, options = {}) => {
      const identity = createIdentityKey(keccak256(utf8Bytes(`test key ${name}`)))
      const database = new ClassicLevel<string, Uint8Array>(join(folder, name), { valueEncoding: 'view' })
      await database.open()
      const client = await createClient(
        { identity, database, storageKey: keccak256(utf8Bytes('storage')), whisper: { powWorkers: 0 } },
        {
          syncTickMs: 20,
          syncRetryMs: 400,
          contactCodeDelayMs: 86_400_000,
          lockAccount: false,
          autoHistory: false,
          ...options
        }
      )
      stops.push(async () => {
        await client.stop()
        await database.close()
      })
      await client.start()
      return inFrontOfScreen(name, client, options.mailservers ?? [], folder)
    },
    connect: (a, b) => {
      const pair = linkPair(peerIdOf(a.name), peerIdOf(b.name))
      a.client.attach(pair.a).catch(() => undefined)
      b.client.attach(pair.b).catch(() => undefined)
      return pair
    },
    archive: async () => {
      const archive = new Map<string, Archived>()
      const keeping = createWhisper({}, { powWorkers: 0 })
      keeping.serve({
        archive: {
          accept: async envelopes => {
            for (const archived of envelopes) archive.set(bytesToHex(archiveKey(archived)), archived)
          }
        }
      })
      const serving = createWhisper({}, { powWorkers: 0 })
      const key = await symmetricKeyFromPassword('status-offline-inbox')
      serving.serve({
        request: async (request, peer) => {
          if (request.kind !== 'envelope') return
          const opened = openMessage(request.envelope.data, { kind: 'symmetric', key })
          if (typeof opened === 'string') throw new Error(opened)
          const { bloom, lower, upper } = decodeRequestPayload(opened.payload)
          const fits = ({ sentSeconds, topic }: Archived): boolean =>
            sentSeconds >= lower && sentSeconds <= upper && bloomAdmits(bloom, envelopeBloom(topic))
          const page = [...archive.values()].filter(fits)
          if (page.length > 0) await peer.sendMessages(page.map(({ bytes }) => bytes))
          const lastHash = page.at(-1)?.hash ?? new Uint8Array(32)
          await peer.sendCompletion({ kind: 'done', requestId: request.hash, lastHash, cursor: new Uint8Array() })
        }
      })
      for (const node of [keeping, serving]) {
        await node.start()
        stops.push(() => node.stop())
      }
      const link = (node: typeof keeping, nodeName: string, { name, client }: Person): void => {
        const pair = linkPair(peerIdOf(name), peerIdOf(nodeName))
        client.attach(pair.a).catch(() => undefined)
        node.attach(pair.b).catch(() => undefined)
      }
      return {
        peerId: peerIdOf('serving'),
        size: () => archive.size,
        feed: who => link(keeping, 'keeping', who),
        serve: who => link(serving, 'serving', who)
      }
    },
    dispose: async () => {
      for (const stop of stops.splice(0)) await stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

const files: ChatFiles = {
  read: async path =>
    readFile(path).catch(() => {
      throw new Error(`the file cannot be read: ${path}`)
    }),
  save: async (attachment, path) => {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    const file = isFolder ? join(path, attachmentName(attachment)) : path
    await writeFile(file, bytesOf(attachment), { flag: 'wx' })
    return file
  }
}

const describe = (error: unknown): ToldError => {
  if (!(error instanceof Error)) return { code: 'unexpected', message: String(error) }
  const { code = 'unexpected', message, hint } = error as Error & Partial<ToldError>
  return { code, message, hint }
}

export const mailserverId = peerIdOf('serving')

function inFrontOfScreen(name: string, client: Client, mailservers: readonly string[], folder: string): Person {
  const effects: Effect['type'][] = []
  let runner: EffectRunner | undefined
  const network = { peers: 1, listens: false, mailservers: mailservers.length }
  const store = createStore(initialState(keyHex(client.publicKey), 100, 40, network), effect => {
    effects.push(effect.type)
    void runner?.perform(effect)
  })
  const person: Person = {
    name,
    client,
    store,
    effects,
    editorText: '',
    copied: [],
    rung: [],
    files: [],
    folder,
    screen: () =>
      layout(store.get())
        .map(line => plainOf(line).trimEnd())
        .join('\n'),
    type: keys => {
      const reader = createKeyReader(key => store.dispatch({ type: 'key', key }))
      reader.feed(keys)
      reader.flush()
    },
    until: wanted =>
      eventually(`${wanted} on ${name}'s screen:\n${person.screen()}`, () => {
        const now = person.screen()
        return wanted.test(now) ? now : undefined
      }).catch(error => {
        throw new Error(`${String(error)}\nlast:\n${person.screen()}\n${store.get().notices.join('\n')}`)
      }),
    enter: (line, wanted) => {
      person.type(`${line}\r`)
      return person.until(wanted)
    }
  }
  const display = {
    ...screenDisplay(store),
    edit: async () => store.dispatch({ type: 'written', text: person.editorText }),
    suspend: () => {},
    redraw: () => {},
    bell: (title: string, text: string) => void person.rung.push(`${title}: ${text}`),
    copy: (text: string) => person.copied.push(text) > 0,
    openFile: async (name: string, bytes: Uint8Array) => void person.files.push({ name, bytes }),
    showPicture: async (bytes: Uint8Array, _type: string, name: string) => void person.files.push({ name, bytes })
  }
  const quit = (): void => store.dispatch({ type: 'notice', text: 'quit' })
  const account = createAccount(client, { mailservers: mailservers.length })
  runner = createEffectRunner(
    account,
    store,
    display,
    {
      peers: [],
      mailservers: mailservers.map(() => `enode://${bytesToHex(client.publicKey).slice(2)}@127.0.0.1:1`),
      files,
      describe,
      noMailserver: () => new Error('no mailserver is set')
    },
    { signal: new AbortController().signal, quit }
  )
  followAccount(account, store, display.say)
  return person
}
