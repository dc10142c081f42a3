import { generatePrivateKey, randomBytes } from '@status-stack/crypto'
import { createHost, type Host, type HostDeps, type HostOptions } from '@status-stack/devp2p-transport'
import { createIdentityKey } from '@status-stack/status-accounts'
import {
  capability,
  createWhisper,
  type IdentityKey,
  type Whisper,
  type WhisperDeps,
  type WhisperOptions
} from '@status-stack/whisper'

/** A Whisper node on real TCP, on loopback: two packages that know nothing of each other. */
export interface ShhNode {
  readonly host: Host
  readonly whisper: Whisper
  readonly identity: IdentityKey
  readonly enode: () => string
  readonly stop: () => Promise<void>
}

/** Collaborators that a test replaces, to record a session or to play one again. */
export interface ShhNodeDeps {
  readonly host?: Partial<HostDeps>
  readonly whisper?: WhisperDeps
  readonly options?: HostOptions
}

export async function startShhNode(options: WhisperOptions = {}, deps: ShhNodeDeps = {}): Promise<ShhNode> {
  // One thread and little work: these tests are about the wire.
  const whisper = createWhisper(deps.whisper ?? {}, { powWorkers: 0, ...options })
  const host = createHost(
    {
      privateKey: generatePrivateKey({ bytes: randomBytes }),
      capabilities: [{ ...capability, run: link => whisper.attach(link) }],
      ...deps.host
    },
    deps.options
  )
  await whisper.start()
  await host.start()
  const stop = async (): Promise<void> => {
    await host.stop()
    await whisper.stop()
  }
  return {
    host,
    whisper,
    identity: createIdentityKey(generatePrivateKey({ bytes: randomBytes })),
    enode: () => host.enode(),
    stop
  }
}
