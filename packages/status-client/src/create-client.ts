import type { WhisperOptions } from '@status-stack/whisper'
import { composeClient } from './client.ts'
import type { Client } from './client-types.ts'
import { defaultLayers } from './composition/default-layers.ts'
import type { ComposeDeps } from './composition/deps.ts'
import { check } from './errors.ts'
import type { ClientOptions } from './options.ts'

/** Collaborators of a client with the default layers. */
export interface ClientDeps extends ComposeDeps {
  /** Values for the Whisper node. @default its own */
  readonly whisper?: WhisperOptions | undefined
}

/**
 * Opens an account with the layers of the 2019 network: Whisper, X3DH with the Double Ratchet, MVDS. Nothing is on the network yet.
 *
 * @example
 * ```ts
 * const client = await createClient({ identity, database: new MemoryLevel(), storageKey })
 * client.on('message', message => console.log(message.text))
 * await client.start()
 * await client.send({ kind: 'one-to-one', publicKey: friend }, { text: 'hello' })
 * ```
 * @throws ClientError `invalid-argument`, `account-in-use`, `wrong-storage-key`, `store-newer`, `store-failed`; WhisperError
 * `invalid-argument` for the values of `whisper`
 */
export async function createClient(deps: ClientDeps, options: ClientOptions = {}): Promise<Client> {
  check.object('deps', deps)
  if (deps.whisper !== undefined) check.object('whisper', deps.whisper)
  return composeClient(deps, defaultLayers(deps.whisper), options)
}
