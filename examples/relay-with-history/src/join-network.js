import { generatePrivateKey } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { createWhisper } from '@status-stack/whisper'

/**
 * A Whisper node that is connected to one relay.
 *
 * @param {string} enode
 */
export async function joinNetwork(enode) {
  const whisper = createWhisper()
  const host = createHost(
    {
      privateKey: generatePrivateKey(),
      capabilities: [{ ...whisper.capability, run: link => whisper.attach(link) }]
    },
    { listen: false }
  )
  await whisper.start()
  await host.start()
  const { peerId } = await host.dial(enode)
  // The connection stands; now the two nodes of Whisper tell each other what they want.
  while (!whisper.connected()) await new Promise(resolve => setTimeout(resolve, 10))
  return {
    whisper,
    relay: peerId,
    leave: async () => {
      await host.stop()
      await whisper.stop()
    }
  }
}
