import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Sandbox } from './cli.ts'
import { filesBelow, formsOf } from './on-disk.ts'
import { eventually } from './peers.ts'
import { type createTerminals, hasTerminal, useTerminals } from './terminal.ts'

const privateKey = 'd4'.repeat(32)
const draft = 'draft-canary-7c1e09'

let sandbox: Sandbox
let terminals: ReturnType<typeof createTerminals>
useTerminals('where drafts are kept is not looked at', (own, its) => {
  sandbox = own
  terminals = its
})

/** Where in the profile a secret stands in the clear. */
const filesWith = (forms: readonly Buffer[]): readonly string[] =>
  filesBelow(sandbox.dataFolder).filter(path => forms.some(form => readFileSync(path).includes(form)))

test.runIf(hasTerminal)(
  'keys and texts of drafts are in no plain file, while the chat runs and after it; the draft is kept',
  async () => {
    const keyFile = join(sandbox.folder, 'alice.hex')
    writeFileSync(keyFile, privateKey, { mode: 0o600 })
    expect((await sandbox.run(['--profile', 'alice', 'init', '--light-kdf', '--private-key-file', keyFile])).code).toBe(
      0
    )
    const secrets = [...formsOf(draft), ...formsOf(privateKey, 'hex')]
    // The search finds what is there: the name of the channel is public, and a file of our own holds it.
    const planted = join(sandbox.dataFolder, 'alice', 'planted')
    writeFileSync(planted, `… ${draft} …`)
    expect(filesWith(secrets)).toEqual([planted])
    writeFileSync(planted, '')

    const first = terminals.openChat('alice', ['--to', '#drafts'])
    await first.until(/#drafts/)
    first.type(draft)
    await first.until(new RegExp(draft))
    expect(filesWith(secrets)).toEqual([])
    first.hangUp()
    await eventually('the profile is free', () => !existsSync(join(sandbox.dataFolder, 'alice', 'holder.json')))
    expect(filesWith(secrets)).toEqual([])

    const again = terminals.openChat('alice', ['--to', '#drafts'])
    await again.until(new RegExp(draft))
    expect(filesWith(secrets)).toEqual([])
  }
)
