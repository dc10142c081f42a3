import { createIdentityKey } from '@status-stack/status-accounts'
import { createWhisper, type Whisper } from '@status-stack/whisper'
import { planRoute } from '@status-stack/whisper/status'
import { linkPair } from '../../src/testing/index.ts'
import { keyOf, type Person, peerIdOf } from './world.ts'

/** Somebody with a Whisper node and no manners: posts any bytes anywhere under any identity. */
export async function stranger(name: string, victim: Person, clock?: { readonly nowMs: () => number }) {
  const whisper: Whisper = createWhisper({ clock }, { powWorkers: 0 })
  await whisper.start()
  const pair = linkPair(peerIdOf(victim.name), peerIdOf(name))
  victim.client.attach(pair.a).catch(() => undefined)
  whisper.attach(pair.b).catch(() => undefined)
  const identity = createIdentityKey(keyOf(name))
  return {
    whisper,
    identity,
    postTo: async (publicKey: Uint8Array, payload: Uint8Array, signed = true) =>
      whisper.post({
        route: await planRoute({ kind: 'identity', publicKey }),
        payload,
        ...(signed ? { signer: identity } : {})
      }),
    postPublic: async (chat: string, payload: Uint8Array) =>
      whisper.post({ route: await planRoute({ kind: 'public', name: chat }), payload, signer: identity }),
    stop: () => whisper.stop()
  }
}
