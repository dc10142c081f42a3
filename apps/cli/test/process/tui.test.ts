import { expect, test } from 'vitest'
import { jsonLines, makeIdentity, type Sandbox } from './cli.ts'
import { type createTerminals, hasTerminal, useTerminals } from './terminal.ts'

let sandbox: Sandbox
let terminals: ReturnType<typeof createTerminals>
useTerminals('the full screen is not tested in a terminal', (freshSandbox, freshTerminals) => {
  sandbox = freshSandbox
  terminals = freshTerminals
})

test.skipIf(!hasTerminal)(
  'two people in two terminals: what the screens show is what --json says, at any size, with and without a relay',
  async () => {
    const [aliceKey, bobKey] = [await makeIdentity(sandbox, 'alice'), await makeIdentity(sandbox, 'bob')]
    const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
    const enode = (await relay.until(/enode:\/\/\S+/))[0]
    const alice = terminals.openChat('alice', ['--to', bobKey, '--peer', enode])
    const bob = terminals.openChat('bob', ['--peer', enode], 80)
    await Promise.all([alice.until(/● online, 1 peer/), bob.until(/● online, 1 peer/)])
    await bob.until(/No chat is open/)

    alice.type('wide 日本語 👋🏽')
    alice.press('C-j')
    alice.type('second line')
    alice.press('Enter')
    // Bob looks at nobody yet: his list of chats counts what came.
    await bob.until(/zQ3sh\S+ +1│/)
    await alice.until(/second line {2}\[encrypted, no forward secrecy\] ✓✓ received/)
    bob.press('C-n')
    const seen = await bob.until(/: wide 日本語 👋🏽\n.* {6}second line/)
    expect(seen).toContain('(request: /accept)')
    await bob.until(/▸ zQ3sh\S+ +│/)
    bob.type('/acc')
    bob.press('Tab')
    bob.press('Enter')
    await bob.until(/accepted/)
    bob.type('answer')
    bob.press('Enter')
    await alice.until(/: answer {2}\[forward secret\]/)
    await bob.until(/me: answer {2}\[forward secret\] ✓✓ received/)
    bob.type('/edit answer, mended')
    bob.press('Enter')
    await alice.until(/: answer, mended \(edited\) {2}\[forward secret\]/)
    alice.type('/react love')
    alice.press('Enter')
    await bob.until(/me: answer, mended \(edited\)[\s\S]*love 1/)

    // A narrow window has no list of chats, and every line of it is complete.
    alice.resize(44, 16)
    const narrow = await alice.until(/^(?!.*│)[\s\S]*second line {2}\[static\] ✓✓/)
    expect(narrow.split('\n')[0]).toMatch(/● online/)
    expect(narrow).toMatch(/: answer, mended[\s\S]*\(edited\)[\s\S]*\[fs\]/)
    alice.resize(100, 24)
    await alice.until(/│.*: answer, mended \(edited\) {2}\[forward secret\]/)

    relay.child.kill('SIGKILL')
    await Promise.all([alice.until(/○ offline, reconnecting/), bob.until(/○ offline, reconnecting/)])
    bob.type('nobody hears this')
    bob.press('Enter')
    await bob.until(/no peer is connected; it is kept/)

    bob.type('/search SECOND')
    bob.press('Enter')
    await bob.until(/1 found in 3 messages/)
    bob.press('Escape')
    await bob.until(/me: nobody hears this/)
    for (const person of [alice, bob]) {
      person.type('/quit')
      person.press('Enter')
    }
    await Promise.all([alice.ended(), bob.ended()])

    const facts = async (profile: string, who: string) =>
      jsonLines((await sandbox.run(['--json', '--profile', profile, 'history', who])).stdout)
        .filter(({ event, kind }) => event === 'message' && kind === 'text')
        .map(({ text, outgoing, protection, editedMs, reactions }) => [
          text,
          outgoing,
          protection,
          editedMs !== undefined,
          (reactions as { emoji: string }[]).map(({ emoji }) => emoji)
        ])
    expect(await facts('alice', bobKey)).toEqual([
      ['wide 日本語 👋🏽\nsecond line', true, 'static-key', false, []],
      ['answer, mended', false, 'forward-secret', true, ['love']]
    ])
    expect(await facts('bob', aliceKey)).toEqual([
      ['wide 日本語 👋🏽\nsecond line', false, 'static-key', false, []],
      ['answer, mended', true, 'forward-secret', true, ['love']],
      ['nobody hears this', true, 'forward-secret', false, []]
    ])
  }
)

test('without a terminal --to is needed', async () => {
  const { code, stderr } = await sandbox.run(['chat'])
  expect(code).toBe(2)
  expect(stderr).toContain('--to')
})
