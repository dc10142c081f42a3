import { groupReader } from '../test/support/group-history.ts'

/** Milliseconds to read one text in a group, events of its history known or verified again with each message. */
async function perMessage(events: number, forgetful: boolean, messages: number): Promise<number> {
  const { say, read } = await groupReader(events, forgetful)
  const texts = Array.from({ length: messages }, (_, index) => say(`message ${index}`))
  const start = performance.now()
  for (const text of texts) await read(text)
  return (performance.now() - start) / messages
}

for (const events of [20, 200]) {
  await perMessage(events, false, 5)
  const rounds = { known: [] as number[], verified: [] as number[] }
  for (let round = 0; round < 5; round += 1) {
    rounds.known.push(await perMessage(events, false, 20))
    rounds.verified.push(await perMessage(events, true, 20))
  }
  const median = (values: readonly number[]): string => (values.toSorted((a, b) => a - b)[2] ?? 0).toFixed(2)
  console.log(
    `${events} events: ${median(rounds.known)} ms a message, ${median(rounds.verified)} ms when each is verified again`
  )
}
