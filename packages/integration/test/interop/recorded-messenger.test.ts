import { readFileSync } from 'node:fs'
import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import { playedCounterpart } from '../support/counterparts.ts'
import { replayingGate } from '../support/gated-carrier.ts'
import { holdConversation, script, startRecorded, type Transcript } from '../support/recorded-conversation.ts'

const transcript: Transcript = JSON.parse(
  readFileSync(new URL('../../interop/recorded/status-go-messenger.json', import.meta.url), 'utf8')
)

async function play(recording: Transcript) {
  const gate = replayingGate(recording)
  const ours = await startRecorded({ enode: recording.enode, nowMs: recording.nowMs, carrier: gate.carrier })
  try {
    const held = await holdConversation(gate, ours, playedCounterpart(gate, recording))
    return { held, sent: gate.sent(), refused: ours.refused }
  } finally {
    await ours.stop()
  }
}

describe('the recorded conversation with a status-go messenger', async () => {
  const { held, sent, refused } = await play(transcript)

  test('is understood again, and what we sent leaves as the same bytes', () => {
    expect(refused).toEqual([])
    expect(held.shown.map(({ text }) => text)).toEqual(
      script.filter(({ by }) => by === 'theirs').map(({ text }) => text)
    )
    expect(held.shown.map(({ from }) => from)).toEqual(held.shown.map(() => transcript.key))
    expect(sent).toBe(transcript.sent)
  })

  test('message ids of both sides are equal to those that status-go gave', () => {
    expect(held.ids).toEqual(transcript.facts.map(({ id }) => id))
    expect(new Set(held.ids).size).toBe(script.length)
  })

  test('one bit changed in the first message ends it before that message is shown', async () => {
    // In the step of the first answer, the chunk that is large enough for an envelope.
    const steps = transcript.steps.map(step => [...step])
    const step = steps[2] as string[]
    const at = step.findIndex(({ length }) => length > 1000)
    const chunk = hexToBytes(step[at] as string)
    chunk[200]! ^= 1
    step[at] = bytesToHex(chunk)
    const broken = await play({ ...transcript, steps }).catch(() => undefined)
    expect(broken?.held.shown ?? []).toEqual([])
  })
})
