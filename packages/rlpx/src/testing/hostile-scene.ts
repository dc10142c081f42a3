import type { ComplianceCase } from '@status-stack/interface/testing'
import type { Host, HostDeps, HostEvents } from '../host/types.ts'
import type { HostOptions } from '../options.ts'
import type { ByteStream } from '../ports.ts'
import { sinkCapability } from './capabilities.ts'
import { record, until } from './events.ts'
import { createStranger, type Stranger } from './stranger.ts'

/** A host under attack and a way to it, as one carrier has them. */
export interface HostileGround {
  /** Started, with the capabilities and options that were asked for. */
  readonly host: Host
  /** A raw connection of a stranger to it. */
  readonly connect: () => Promise<ByteStream>
  /** Stops the host and what belongs to it; called after each case. */
  readonly release: () => Promise<void>
}

/** Makes a {@link HostileGround}. */
export type CreateHostileGround = (deps: Pick<HostDeps, 'capabilities'>, options: HostOptions) => Promise<HostileGround>

/** One case: the host, what it reported, and strangers. */
export interface Scene {
  readonly host: Host
  readonly sink: ReturnType<typeof sinkCapability>
  readonly refused: HostEvents['refused'][]
  readonly removed: HostEvents['peerdisconnected'][]
  readonly stranger: () => Promise<Stranger>
  /** A stranger whose session is open. */
  readonly peer: () => Promise<Stranger>
}

/** A case with a host of its own. */
export type Using = (name: string, options: HostOptions, body: (scene: Scene) => Promise<void>) => ComplianceCase

/** Cases on hosts that `create` makes. */
export function scenes(create: CreateHostileGround): Using {
  return (name, options, body) => ({
    name,
    run: async () => {
      const sink = sinkCapability()
      const { host, connect, release } = await create({ capabilities: [sink] }, options)
      const stranger = async (): Promise<Stranger> => createStranger(await connect(), host.publicKey)
      try {
        await body({
          host,
          sink,
          refused: record(host, 'refused'),
          removed: record(host, 'peerdisconnected'),
          stranger,
          peer: async () => {
            const x = await stranger()
            const before = host.peers().length
            await x.session()
            await until(() => host.peers().length > before)
            return x
          }
        })
      } finally {
        await release()
      }
    }
  })
}
