import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import {
  type CaseRecord,
  type ConnectedProcess,
  connectProcess,
  type ProcessOptions,
  runConformance
} from '../../src/index.ts'

const program = fileURLToPath(new URL('../processes/implementation.mjs', import.meta.url))
const started: ConnectedProcess[] = []
afterEach(async () => {
  for (const tested of started.splice(0)) await tested.stop()
})

async function connect(mode: string, options?: ProcessOptions): Promise<ConnectedProcess> {
  const tested = await connectProcess([process.execPath, program, mode], options)
  started.push(tested)
  return tested
}

async function run(mode: string, section = 'topic_to_bloom', options?: ProcessOptions): Promise<readonly CaseRecord[]> {
  const { adapters } = await connect(mode, options)
  const records: CaseRecord[] = []
  for await (const record of runConformance([], { adapters, section }))
    if (record.kind === 'case' && record.file === 'whisper-misc.json') records.push(record)
  expect(records.length).toBeGreaterThan(0)
  return records
}

const outcomes = (records: readonly CaseRecord[]): ReadonlySet<string> => new Set(records.map(({ outcome }) => outcome))
const reasons = (records: readonly CaseRecord[]): ReadonlySet<string | undefined> =>
  new Set(records.map(({ reason }) => reason))

test('a right implementation passes what it claims', async () => {
  expect(outcomes(await run('good'))).toEqual(new Set(['passed']))
  expect(outcomes(await run('good', 'topic_from_bytes'))).toEqual(new Set(['passed']))
})

test('it says what it is', async () => {
  expect(await connect('good')).toMatchObject({
    implementation: { name: 'test', version: '1' },
    sections: ['whisper-misc/topic_from_bytes', 'whisper-misc/topic_to_bloom/reproduce']
  })
})

test('what it does not claim is not run, and not passed', async () => {
  const records = await run('good', 'envelope_pow')
  expect(outcomes(records)).toEqual(new Set(['skipped']))
  expect(reasons(records)).toEqual(new Set(['not run: the implementation does not claim it']))
})

test('one that claims nothing passes nothing', async () => {
  expect(outcomes(await run('claims-nothing'))).toEqual(new Set(['skipped']))
})

test('a case that it cannot do is not run', async () => {
  expect(reasons(await run('unsupported'))).toEqual(new Set(['not run: no blooms here']))
})

test('a wrong bit is found, with its field and its place', async () => {
  const records = await run('wrong')
  expect(outcomes(records)).toEqual(new Set(['failed']))
  for (const { difference } of records) expect(difference).toMatchObject({ field: 'bloom', offset: 9 })
})

test('what is asked for is not in the request', async () => {
  expect(outcomes(await run('echoes'))).toEqual(new Set(['failed']))
})

test('refusing what is valid fails', async () => {
  const records = await run('refuses')
  expect(outcomes(records)).toEqual(new Set(['failed']))
  for (const { difference } of records)
    expect(difference).toMatchObject({ field: 'valid', expected: 'true', actual: 'false' })
})

describe('a process that', () => {
  const broken: readonly { readonly mode: string; readonly reason: string; readonly options?: ProcessOptions }[] = [
    { mode: 'breaks', reason: 'out of memory' },
    { mode: 'late', reason: 'the process gave no answer within 50 ms', options: { answerTimeoutMs: 50 } },
    { mode: 'garbage', reason: 'the process answered a line that is not JSON' },
    { mode: 'other-id', reason: 'the process answered with another id than 1' },
    {
      mode: 'endless',
      reason: 'the process answered a line of more than 1000 bytes',
      options: { limits: { maxLineBytes: 1000 } }
    }
  ]
  test.each(broken)('$mode fails its cases', async ({ mode, reason, options }) => {
    const records = await run(mode, 'topic_to_bloom', options)
    expect(outcomes(records)).toEqual(new Set(['failed']))
    expect(records[0]?.reason).toBe(`the adapter threw: ${reason}`)
  })

  test('ends fails that case alone, with what it wrote last, and is started again', async () => {
    const records = await run('ends', 'topic_from_bytes', { limits: { maxProcessFailures: 1000 } })
    expect(records.map(({ outcome }) => outcome).slice(0, 4)).toEqual(['passed', 'failed', 'passed', 'failed'])
    expect(records[1]?.reason).toContain('the process ended with exit code 3; it wrote: panic: index out of range')
  })

  test('writes much before it ends is shown by the end of it', async () => {
    const records = await run('ends', 'topic_from_bytes', { limits: { processMessageLength: 13 } })
    expect(records[1]?.reason).toMatch(/it wrote: out of range$/)
  })

  test('keeps ending is given up', async () => {
    const records = await run('garbage', 'topic_to_bloom', { limits: { maxProcessFailures: 2 } })
    expect(records[2]?.reason).toContain('not JSON')
    expect(records[3]?.reason).toContain('the process failed 3 times and is not started again')
  })

  test.each([
    ['mute', 'gave no answer within 300 ms'],
    ['old', 'speaks another protocol than 1'],
    ['mistyped', 'claims what the protocol does not have: whisper-misc/topic_to_blom']
  ])('is %s is refused before anything runs', async (mode, message) => {
    await expect(connect(mode, { limits: { processStartMs: mode === 'mute' ? 300 : 60_000 } })).rejects.toMatchObject({
      code: 'process-failed',
      message: expect.stringContaining(message)
    })
  })

  test('is no program is refused before anything runs', async () => {
    await expect(connectProcess(['/no/such/program'])).rejects.toMatchObject({
      code: 'process-failed',
      message: expect.stringContaining('cannot be started')
    })
    await expect(connectProcess([])).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('stays when its input ends is ended', async () => {
    const { stop } = await connect('stays', { limits: { processEndMs: 1 } })
    await stop()
  })
})

test.each([{ answerTimeoutMs: 0 }, { limits: { maxLineBytes: 0 } }, { limits: { maxProcessFailures: 1.5 } }])(
  '%o is refused',
  async options => {
    await expect(connect('good', options)).rejects.toMatchObject({ code: 'invalid-argument' })
  }
)
