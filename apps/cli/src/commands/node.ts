import { existsSync } from 'node:fs'
import { generatePrivateKey } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { capability, createWhisper } from '@status-stack/whisper'
import { createNodeKey, openNodeKey } from '../account.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { readPassword } from '../password.ts'
import { profileOf } from '../profile.ts'
import { interruption, waitFor } from '../signals.ts'
import { addPeer, parseListen, reportPeers } from '../stack.ts'
import { version } from '../version.ts'

export interface NodeOptions {
  /** A fresh key for this run: no password, another enode URL each time. */
  readonly ephemeral?: boolean
  /** Encrypt a new key with less work. */
  readonly lightKdf?: boolean
}

/** A relay: takes, keeps and passes on envelopes; reads none. */
export async function node(options: NodeOptions, globals: Globals, output: Output): Promise<void> {
  const listen = parseListen(globals.nodeListen)
  const privateKey = options.ephemeral ? generatePrivateKey() : await persistentKey(globals, options.lightKdf === true)
  const signal = interruption()
  const whisper = createWhisper({}, { minPow: globals.minPow })
  const host = createHost(
    { privateKey, capabilities: [{ ...capability, run: link => whisper.attach(link) }] },
    { listen, clientName: `status-stack/${version()}`, maxPeers: globals.maxPeers }
  )
  reportPeers(host, output)
  host.addEventListener('refused', ({ detail }) => {
    output.note(
      { event: 'refused-connection', reason: detail.reason, stage: detail.stage, address: detail.remoteAddress },
      `· connection from ${detail.remoteAddress} closed: ${detail.reason} (${detail.stage})`
    )
  })
  for (const peer of globals.peers) addPeer(host, peer)
  await whisper.start()
  try {
    await host.start()
    output.data({ event: 'listening', enode: host.enode(), peerId: host.peerId }, host.enode())
    output.note({ event: 'ready' }, '· relaying; Ctrl-C ends it')
    await waitFor(signal)
    output.note({ event: 'stopping' }, '· stopping')
  } finally {
    await host.stop()
    await whisper.stop()
  }
}

async function persistentKey(globals: Globals, lightKdf: boolean): Promise<Uint8Array> {
  const profile = profileOf(globals)
  const exists = existsSync(profile.nodeFile)
  const password = await readPassword(globals, exists ? 'open' : 'create')
  return exists ? openNodeKey(profile, password) : createNodeKey(profile, password, { lightKdf })
}
