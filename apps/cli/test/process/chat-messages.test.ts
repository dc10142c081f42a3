import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { expect, test } from 'vitest'
import { makeIdentity, type Sandbox } from './cli.ts'
import { type createTerminals, hasTerminal, useTerminals } from './terminal.ts'

let sandbox: Sandbox
let terminals: ReturnType<typeof createTerminals>
useTerminals('choosing messages and pictures are not tested in a terminal', (freshSandbox, freshTerminals) => {
  sandbox = freshSandbox
  terminals = freshTerminals
})

test.skipIf(!hasTerminal)(
  'two people: names, a picture that is viewed, opened and saved, a chosen message, the clipboard, a notice of an invitation',
  async () => {
    const [aliceKey, bobKey] = [await makeIdentity(sandbox, 'alice'), await makeIdentity(sandbox, 'bob')]
    const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
    const enode = (await relay.until(/enode:\/\/\S+/))[0]
    const named = ['--profile', 'bob', 'contacts', 'add', aliceKey, '--name', 'Alice W', '--peer', enode]
    expect((await sandbox.run(named)).stdout).toContain(`${aliceKey}  Alice W  added`)
    const picture = new PNG({ width: 30, height: 20 })
    const file = join(sandbox.folder, 'my picture.png')
    writeFileSync(file, PNG.sync.write(picture))
    const opened = join(sandbox.folder, 'opened')
    const opener = join(sandbox.folder, 'opener.sh')
    writeFileSync(opener, `stat -c '%a' "$1" > ${opened}; cat "$1" >> ${opened}\n`)

    const alice = terminals.openChat('alice', ['--to', bobKey, '--peer', enode])
    const environment = `NO_COLOR=1 STATUS_STACK_PICTURES=kitty STATUS_STACK_NOTIFY=osc9 STATUS_STACK_OPENER='sh ${opener}'`
    const bob = terminals.openChat('bob', ['--to', aliceKey, '--peer', enode], 100, environment)
    await Promise.all([alice.until(/● online, 1 peer/), bob.until(/● online, 1 peer/)])
    expect(bob.screen()).toMatch(/▸ Alice W +│/)
    const log = join(sandbox.folder, 'log')
    bob.record(log)
    const written = async (pattern: RegExp): Promise<void> => {
      await expect.poll(() => readFileSync(log, 'utf8'), { timeout: 60_000 }).toMatch(pattern)
    }

    alice.type(`/image "${file}" my garden`)
    alice.press('Enter')
    await bob.until(/Alice W: \^[0-9a-f]{8} \[image png \d+ B\] my garden/)
    bob.type('/view')
    bob.press('Enter')
    await bob.until(/[0-9a-f]{16}\.png: any key goes back/)
    await written(/_Ga=T,f=32,o=z,s=30,v=20,/)
    bob.press('Space')
    await bob.until(/Alice W: \^[0-9a-f]{8} \[image/)
    bob.press('C-s')
    await bob.until(/↑ ↓ choose · r reply · \+ react · c copy · s save · o open · v view/)
    bob.type('o')
    await expect.poll(() => readFileSync(opened).length, { timeout: 60_000 }).toBe(readFileSync(file).length + 4)
    expect(readFileSync(opened, 'latin1').slice(0, 4)).toBe('600\n')
    bob.press('C-s')
    await bob.until(/choose ·/)
    bob.type('+')
    await bob.until(/1 ❤️ love · 2 👍 thumbs-up/)
    bob.type('2')
    await alice.until(/my garden[\s\S]*thumbs-up 1/)
    bob.type(`/save ${sandbox.folder}`)
    bob.press('Enter')
    await bob.until(/saved .*\.png/)
    bob.press('C-s')
    await bob.until(/choose ·/)
    bob.type('r')
    await bob.until(/↳ [\s\S]*my garden[\s\S]*> \/reply \^[0-9a-f]{8}/)
    bob.type('lovely')
    bob.press('Enter')
    await alice.until(/↳ .*my garden\n.*: lovely/)
    bob.type('/copy key')
    bob.press('Enter')
    await written(new RegExp(`\\]52;c;${Buffer.from(bobKey).toString('base64')}`))

    // An invitation rings, and the notice says where and what, never a text.
    alice.type(`/group-create hikers ${bobKey}`)
    alice.press('Enter')
    await bob.until(/hikers +1│/)
    await written(/\]9;hikers: you are invited to a group/)
    bob.type('/next')
    bob.press('Enter')
    await bob.until(/hikers {2}\(2 members, invited: \/accept\)/)
    for (const person of [alice, bob]) {
      person.type('/quit')
      person.press('Enter')
    }
    await Promise.all([alice.ended(), bob.ended()])
    const left = readdirSync(join(sandbox.dataFolder, 'bob')).filter(name => name.startsWith('status-stack-'))
    expect(left).toEqual([])
    const outside = await sandbox.run(['--profile', 'bob', 'history', aliceKey])
    expect(outside.stdout).toMatch(/Alice W: \[image png \d+ B\] my garden/)
    const members = await sandbox.run(['--profile', 'bob', 'contacts'])
    expect(members.stdout).toContain('Alice W')
  }
)
