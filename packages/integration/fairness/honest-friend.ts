import { bytesToHex, randomBytes } from '@status-stack/crypto'
import { encodeMessages, packetCodes } from '@status-stack/whisper/wire'
import type { ClientVictim } from './client-victim.ts'
import { type HonestTalk, startTalk } from './honest-talk.ts'

/** A friend who writes to the attacked client every 100 ms; the time until a message is shown is what the attack costs others. */
export async function startHonestFriend({ doors, join, writer }: ClientVictim): Promise<HonestTalk> {
  const friend = await writer()
  const peer = await join()
  return await startTalk({
    everyMs: 100,
    say: async arrived => {
      const text = `honest ${bytesToHex(randomBytes(8))}`
      void doors.shown(text).then(arrived)
      const envelope = await friend.enclose(await friend.seal(friend.say({ kind: 'text', text }).bytes))
      await peer.send(packetCodes.messages, encodeMessages([envelope]))
    },
    close: () => peer.close()
  })
}
