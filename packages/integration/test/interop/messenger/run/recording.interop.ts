import { mkdirSync, writeFileSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import { liveCounterpart, playedCounterpart } from '../../../support/counterparts.ts'
import { recordingGate, replayingGate } from '../../../support/gated-carrier.ts'
import { holdConversation, startRecorded, type Transcript } from '../../../support/recorded-conversation.ts'
import { startTheirs } from '../../../support/their-person.ts'

const about =
  'A conversation with a status-go messenger (protocol 1.1.1, datasync) over RLPx: one-to-one, a public chat, a group'
const file = new URL('../../../../interop/recorded/status-go-messenger.json', import.meta.url)

test('a conversation with status-go can be recorded and played again byte for byte', async () => {
  const theirs = await startTheirs(inject('messenger'), 'Bob', { datasync: true, dials: [] })
  const gate = recordingGate()
  const nowMs = Math.floor(Date.now() / 1000) * 1000
  const live = await liveCounterpart(gate, theirs)
  const ours = await startRecorded({ enode: live.enode, nowMs, carrier: gate.carrier })
  await theirs.openChat(ours.key)
  const held = await holdConversation(gate, ours, live)
  expect(held.facts.map(({ id }) => id)).toEqual(held.ids)
  const { key, enode } = live
  const transcript: Transcript = { about, enode, key, group: held.group, nowMs, facts: held.facts, ...gate.taken() }
  await ours.stop()
  await theirs.end()

  const again = replayingGate(transcript)
  const replayed = await startRecorded({ enode, nowMs, carrier: again.carrier })
  const played = await holdConversation(again, replayed, playedCounterpart(again, transcript))
  expect(replayed.refused).toEqual([])
  expect(played).toEqual(held)
  expect(again.sent()).toBe(transcript.sent)
  await replayed.stop()
  // Kept for machines without Go when it is asked for.
  if (process.env['RECORD_INTEROP'] === '1') {
    mkdirSync(new URL('.', file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(transcript, null, 1)}\n`)
  }
})
