import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { limits } from '@status-stack/status-data'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(500, 7)])

async function people() {
  const [alice, bob] = await Promise.all(
    ['alice', 'bob'].map(async name => {
      const made = await sandbox.run(['--json', '--profile', name, 'init', '--light-kdf'])
      return String(jsonLines(made.stdout)[0]?.['text'])
    })
  )
  if (alice === undefined || bob === undefined) throw new Error('nobody was made')
  return { alice, bob }
}

test('one-shot commands say, answer, react, edit, delete, and get a picture out', async () => {
  const { alice, bob } = await people()
  const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
  const enode = (await relay.until(/enode:\/\/\S+/))[0]
  const listening = sandbox.start(['--json', '--profile', 'bob', 'listen', '--peer', enode])
  await listening.until(/"state":"connected"/)
  const as = async (name: string, args: string[], input?: string) => {
    const ended = await sandbox.run(['--json', '--profile', name, ...args], input)
    return { ...ended, lines: jsonLines(ended.stdout) }
  }
  const picture = join(sandbox.folder, 'picture.png')
  writeFileSync(picture, png)

  const to = ['--to', bob, '--peer', enode]
  const first = await as('alice', ['send', ...to, '--client-tag', 'a', '--wait', 'acknowledged', '-'], 'from stdin\n')
  expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('"event":"sent"')])
  const id = String(first.lines.find(line => line['event'] === 'sent')?.['messageId'])
  // The ledger knows that it was acknowledged: nothing is sent, nothing is waited for.
  const again = await as('alice', ['send', ...to, '--client-tag', 'a', '--wait', 'acknowledged', 'from stdin'])
  expect([again.code, again.lines.find(line => line['event'] === 'sent')?.['messageId']]).toEqual([0, id])
  const shown = await as('alice', ['send', ...to, '--image', picture, '--reply-to', id, 'look'])
  expect(shown.code).toBe(0)
  const pictureId = String(shown.lines.find(line => line['event'] === 'sent')?.['messageId'])
  await listening.until(new RegExp(`"messageId":"${pictureId}".*"text":"look".*"attachment":\\{"kind":"image"`))
  const edited = await as('alice', ['edit', id, 'better', '--wait', 'acknowledged', '--peer', enode])
  expect([edited.code, edited.lines.find(line => line['event'] === 'edited')]).toEqual([
    0,
    expect.objectContaining({ messageId: id, change: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
  ])
  listening.child.kill('SIGTERM')
  await listening.ended

  const stored = (await as('bob', ['history', alice])).lines
  expect(stored).toMatchObject([
    { messageId: id, text: 'better', editedMs: expect.any(Number), seen: false },
    { messageId: pictureId, replyTo: id, kind: 'image', attachment: { type: 'png', bytes: png.length } }
  ])
  expect((await as('bob', ['seen', alice])).lines).toContainEqual(
    expect.objectContaining({ event: 'seen', messages: 2 })
  )
  const reacted = await as('bob', ['react', id, 'love', '--peer', enode])
  expect([reacted.code, reacted.lines.find(line => line['event'] === 'reacted')]).toMatchObject([
    0,
    { messageId: id, emoji: 'love', on: true }
  ])
  const folder = join(sandbox.folder, 'pictures')
  await as('bob', ['history', alice, '--save-images', folder])
  const [saved = ''] = readdirSync(folder)
  expect(saved).toBe(`${pictureId.slice(2, 18)}.png`)
  expect(readFileSync(join(folder, saved))).toEqual(png)
  expect(statSync(join(folder, saved)).mode & 0o077).toBe(0)
  const over = await as('bob', ['attachment', pictureId, '--out', picture])
  expect([over.code, over.lines.at(-1)]).toMatchObject([1, { code: 'not-written' }])
  const piped = sandbox.start(['--profile', 'bob', 'attachment', pictureId, '--out', '-'])
  const chunks: Buffer[] = []
  piped.child.stdout?.setEncoding('latin1').on('data', chunk => chunks.push(Buffer.from(String(chunk), 'latin1')))
  expect((await piped.ended).code).toBe(0)
  expect(Buffer.concat(chunks)).toEqual(png)

  const long = await as('alice', ['send', '--to', bob, '--peer', enode, 'x'.repeat(limits.textBytes + 1)])
  expect([long.code, long.lines.at(-1)]).toMatchObject([
    2,
    { code: 'too-large', message: 'the text is too long', hint: expect.stringContaining(`${limits.textBytes} bytes`) }
  ])

  const deleted = await as('alice', ['delete', id, '--yes', '--peer', enode])
  expect([deleted.code, deleted.lines.find(line => line['event'] === 'deleted')]).toMatchObject([0, { messageId: id }])
  const left = (await as('alice', ['history', bob])).lines
  expect(left[0]).toMatchObject({ messageId: id, deleted: true, text: '' })
  const text = await sandbox.run(['--profile', 'alice', 'history', bob, '--ids'])
  expect(text.stdout.split('\n')[0]).toMatch(new RegExp(`^${id} .*\\(deleted\\)`))
})

test('what cannot be sent is refused with a code before anything is opened or sent', async () => {
  const { bob } = await people()
  const text = join(sandbox.folder, 'notes.png')
  writeFileSync(text, 'no picture at all')
  const huge = join(sandbox.folder, 'huge.png')
  writeFileSync(huge, Buffer.concat([png, Buffer.alloc(600_000)]))
  const id = `0x${'ab'.repeat(32)}`
  const cases: readonly (readonly [string[], string])[] = [
    [['send', '--to', bob, '--image', text], 'image'],
    [['send', '--to', bob, '--image', huge], 'too-large'],
    [['send', '--to', bob, '--image', join(sandbox.folder, 'none')], 'file'],
    [['send', '--to', bob, '--audio', text], 'duration'],
    [['send', '--to', bob, '--image', text, '--emoji', 'x'], 'content'],
    [['send', '--to', bob, '--sticker', 'nothing'], 'sticker'],
    [['send', '--to', bob, '--reply-to', '0x12', 'x'], 'message-id'],
    [['send', '--to', bob, '--client-tag', 'x'.repeat(65), 'x'], 'client-tag'],
    [['send', '--to', bob, '  '], 'no-text'],
    [['react', id, 'heart'], 'emoji'],
    [['edit', '0x', 'x'], 'message-id'],
    [['delete', id], 'not-confirmed']
  ]
  await Promise.all(
    cases.map(async ([args, code]) => {
      const ended = await sandbox.run(['--json', '--profile', 'alice', ...args])
      expect(ended.code, args.join(' ')).toBe(2)
      expect(jsonLines(ended.stdout).at(-1), args.join(' ')).toMatchObject({ event: 'error', code })
    })
  )
  const unknown = await sandbox.run(['--json', '--profile', 'alice', 'attachment', id, '--out', 'x.png'])
  expect([unknown.code, jsonLines(unknown.stdout).at(-1)]).toMatchObject([1, { code: 'unknown-message' }])
  expect(existsSync('x.png')).toBe(false)
})
