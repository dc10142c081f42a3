import { readFileSync } from 'node:fs'
import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { holdSession, ourText, theirText } from '../support/recorded-session.ts'
import { type Recording, replayCarrier } from '../support/recording.ts'

const recording: Recording = JSON.parse(
  readFileSync(new URL('../../interop/recorded/geth-1.9.5.json', import.meta.url), 'utf8')
)

test('the recorded session with go-ethereum plays again: its message is heard and ours leave as the same bytes', async () => {
  const { carrier, sent } = replayCarrier(recording)
  const { posted, heard, peer } = await holdSession({ ...recording, carrier }, () => undefined)
  expect(sent()).toBe(recording.sent)
  expect(heard).toMatchObject({ payload: theirText, guarantee: 'group-readable', source: 'live' })
  expect(heard.hash).not.toEqual(posted.hash)
  expect(peer).toMatchObject({ minPow: 0.2, fullNode: true, confirmations: false })
  expect(ourText).not.toEqual(theirText)
})

test('one bit changed in what it sent ends the session before its message is heard', async () => {
  // Behind its envelope came only its goodbye. One bit of the frame's header gives a wrong MAC.
  const at = recording.received.length - 2
  const last = hexToBytes(recording.received[at]!.hex)
  last[20]! ^= 1
  const received = [
    ...recording.received.slice(0, at),
    { ...recording.received[at]!, hex: bytesToHex(last) },
    ...recording.received.slice(at + 1)
  ]
  const { carrier } = replayCarrier({ ...recording, received })
  await expect(holdSession({ ...recording, carrier, patienceMs: 300 }, () => undefined)).rejects.toThrow(/in vain/)
})
