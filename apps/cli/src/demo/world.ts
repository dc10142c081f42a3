import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesToHex, generatePrivateKey, randomBytes } from '@status-stack/crypto'
import { createAccount } from '@status-stack/profiles'
import type { Privacy } from '@status-stack/relay-node'
import type { Output } from '../output.ts'
import { profileOf } from '../profile.ts'
import { type Fact, type Person, startPerson } from './process.ts'

/** The processes of the demo, by name; each can end and start again with what it has on disk. */
export interface World {
  /** The running process of that name. @throws when it does not run */
  readonly person: (name: string) => Person
  /** Text of the public key that reaches this person. */
  readonly keyOf: (name: string) => string
  /** Makes an account for `name` (of `sameAs`: another device of that person) and starts it. */
  readonly join: (name: string, sameAs?: string) => Promise<Person>
  /** The relay, with the archive of its earlier starts, or without any. */
  readonly startRelay: (options?: { readonly archive?: boolean }) => Promise<void>
  /** Starts a person again whose process was ended. */
  readonly restart: (name: string) => Promise<Person>
  readonly end: (name: string) => Promise<void>
  readonly dispose: () => Promise<void>
  /** Longest time one wait may take. */
  readonly timeoutMs: number
  readonly output: Output
}

/** Flags of the demo that are no settings. */
export interface DemoOptions {
  readonly carrier: 'tcp' | 'ws'
}

interface WorldOptions extends DemoOptions {
  readonly privacy: Privacy
  readonly timeoutMs: number
}

const relayName = 'relay'
const syncRetryMs = 2000

/** The people of the demo know nothing of the settings of the person who watches it. */
function environmentOf(folder: string) {
  const settings = join(folder, 'settings.toml')
  writeFileSync(settings, '')
  const foreign = Object.entries(process.env).filter(([name]) => !name.startsWith('STATUS_STACK_'))
  return {
    ...Object.fromEntries(foreign),
    STATUS_STACK_PASSWORD: bytesToHex(randomBytes(16)),
    STATUS_STACK_CONFIG: settings
  }
}

/** Between the two networks there is the relay. */
const participantArgs = (name: string, privacy: WorldOptions['privacy']): readonly string[] => [
  'participant',
  '--privacy',
  privacy === 'both' ? (name === 'bob' ? 'waku' : 'whisper') : privacy,
  '--sync-retry-ms',
  String(syncRetryMs)
]

export async function createWorld(output: Output, { timeoutMs, privacy, carrier }: WorldOptions): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'status-stack-demo-'))
  const environment = environmentOf(folder)
  const running = new Map<string, Person>()
  const keys = new Map<string, { readonly text: string; readonly privateKey: Uint8Array }>()
  /** Where people dial the relay, and where it listens besides. */
  let enode = ''
  let archiving = false

  const announce = (name: string, pid: number, what: string): void =>
    output.note({ event: 'process', name, pid }, `  ${name.padEnd(13)} process ${pid}  ${what}`)

  const person = (name: string): Person => {
    const found = running.get(name)
    if (found === undefined) throw new Error(`${name} does not run`)
    return found
  }

  const start = (name: string, args: readonly string[]): Person => {
    const started = startPerson(name, ['--data-dir', folder, '--profile', name, ...args], environment)
    running.set(name, started)
    return started
  }

  const startRelay: World['startRelay'] = async ({ archive = true } = {}) => {
    // The second start listens where the first did, so that everybody finds it again.
    const at = enode === '' ? '127.0.0.1:0' : enode.slice(enode.indexOf('@') + 1)
    const listen = carrier === 'ws' ? ['--listen', '127.0.0.1:0', '--ws-listen', at] : ['--listen', at]
    const command = archive ? 'mailserver' : 'node'
    const relay = start(relayName, [command, '--light-kdf', '--privacy', privacy, ...listen])
    archiving = archive
    const isWebSocket = (fact: Fact): boolean => fact.event === 'serving' && fact['what'] === 'websocket'
    enode =
      carrier === 'ws'
        ? String((await relay.until(isWebSocket, timeoutMs))['url'])
        : String((await relay.until(fact => fact.event === 'listening', timeoutMs))['enode'])
    await relay.until(fact => fact.event === 'ready', timeoutMs)
    announce(relayName, relay.pid, `${enode.slice(0, 24)}…${enode.slice(enode.indexOf('@'))}`)
  }

  const restart = async (name: string): Promise<Person> => {
    const started = start(name, [...participantArgs(name, privacy), archiving ? '--mailserver' : '--peer', enode])
    await started.until(fact => fact.event === 'attached' && fact['state'] === 'connected', timeoutMs)
    announce(name, started.pid, keys.get(name)?.text ?? '')
    return started
  }

  return {
    person,
    keyOf: name => keys.get(name)?.text ?? '',
    startRelay,
    restart,
    join: async (name, sameAs) => {
      const privateKey = keys.get(sameAs ?? '')?.privateKey ?? generatePrivateKey()
      const account = await createAccount(
        profileOf({ profile: name, dataDir: folder }),
        { privateKey },
        environment.STATUS_STACK_PASSWORD,
        {
          // The password is 128 random bits: stretching it would add nothing but waiting.
          lightKdf: true
        }
      )
      keys.set(name, { text: account.text, privateKey })
      return restart(name)
    },
    end: async name => {
      await person(name).end()
      running.delete(name)
    },
    dispose: async () => {
      await Promise.all([...running.values()].map(one => one.end()))
      await rm(folder, { recursive: true, force: true })
    },
    timeoutMs,
    output
  }
}
