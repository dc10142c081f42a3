import { generatePrivateKey, randomBytes } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import type { WhisperOptions } from '@status-stack/whisper'
import { createMailserver, memoryEnvelopeStore } from '@status-stack/whisper-mailserver'
import { buildGeth, type Implementation, startGeth } from '../../support/geth.ts'
import type { GoProgram } from '../../support/go-program.ts'
import { type OurPerson, type OurPersonOptions, startOurs } from '../../support/our-person.ts'
import type { Person } from '../../support/person.ts'
import { type ShhNode, startShhNode } from '../../support/shh-node.ts'
import { startTheirs, type TheirPerson } from '../../support/their-person.ts'

/** Which messengers send over MVDS: status-go's only if both do. */
export type Datasync = 'both' | 'only ours' | 'neither'

/** What a scenario is played on: whose relay, who has datasync. */
export interface Setting {
  /** `none` where there are no messengers, and so nothing between them. */
  readonly relay: 'ours' | 'geth' | 'none'
  readonly datasync: Datasync
}

/** The processes and nodes of one scenario; all of them end with it. */
export interface Stage {
  readonly setting: Setting
  /** A person on our client, or on status-go's. */
  readonly ours: (name: string, options?: Partial<OurPersonOptions>) => Promise<OurPerson>
  readonly theirs: (name: string, options?: { readonly dials?: readonly string[] }) => Promise<TheirPerson>
  readonly person: (side: Person['side'], name: string) => Promise<Person>
  /** A Whisper node of ours. */
  readonly node: (options?: WhisperOptions) => Promise<ShhNode>
  /** The same with a mailserver, which archives what it relays. */
  readonly mailserver: () => Promise<ShhNode>
  readonly geth: (implementation: Implementation, options?: readonly string[]) => Promise<GoProgram>
  /** What our people refused so far and what theirs said last, for the report of a failure. */
  readonly report: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Lines of a program that say what it did last. */
const saidLast = 20

/** Work that a relay asks for: what status-go asks of its peers. */
const minPow = '0.0001'

/** @param program the built status-go messenger */
export function openStage(program: string, setting: Setting): Stage {
  const opened: (() => Promise<unknown>)[] = []
  const people: (OurPerson | TheirPerson)[] = []
  const kept = <T>(value: T, end: (value: T) => Promise<unknown>): T => {
    opened.push(() => end(value))
    return value
  }
  const geth: Stage['geth'] = async (implementation, options = []) => {
    const built = buildGeth()
    if ('missing' in built) throw new Error(built.missing)
    return kept(await startGeth(built.program, implementation, options), started => started.stop())
  }
  const node: Stage['node'] = async options => kept(await startShhNode(options), started => started.stop())
  let relay: Promise<string> | undefined
  const relayEnode = (): Promise<string> => {
    relay ??=
      setting.relay === 'ours'
        ? node().then(started => started.enode())
        : geth('geth', ['-minpow', minPow]).then(({ enode }) => enode)
    return relay
  }
  const ours: Stage['ours'] = async (name, options = {}) => {
    const sync = setting.datasync !== 'neither'
    const dials = options.dials ?? [await relayEnode()]
    const person = await startOurs(name, { ...options, dials, options: { sync, ...options.options } })
    people.push(person)
    return kept(person, ({ stop }) => stop())
  }
  const theirs: Stage['theirs'] = async (name, { dials } = {}) => {
    const datasync = setting.datasync === 'both'
    const person = await startTheirs(program, name, { datasync, dials: dials ?? [await relayEnode()] })
    people.push(person)
    return kept(person, ({ end }) => end())
  }
  return {
    setting,
    ours,
    theirs,
    node,
    geth,
    person: (side, name) => (side === 'ours' ? ours(name) : theirs(name)),
    mailserver: async () => {
      const started = await node()
      const identity = createIdentityKey(generatePrivateKey({ bytes: randomBytes }))
      const mailserver = createMailserver({ store: memoryEnvelopeStore(), identity })
      await mailserver.start()
      started.whisper.serve(mailserver.port)
      kept(mailserver, ({ stop }) => stop())
      return started
    },
    report: () =>
      people.flatMap(person =>
        person.side === 'ours'
          ? person.refused.map(line => `${person.name} refused ${line}`)
          : person
              .events()
              .slice(-saidLast)
              .map(event => `${person.name} said ${JSON.stringify(event).slice(0, 300)}`)
      ),
    close: async () => {
      // Last opened, first closed: people before the relay between them.
      for (const end of opened.splice(0).reverse()) await end()
    }
  }
}
