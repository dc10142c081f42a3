import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'
import { filesBelow } from './on-disk.ts'
import { comeOnline } from './participant.ts'

/** What a released program left on disk, and what it said of that. */
interface Release {
  readonly release: string
  readonly password: string
  /** Base64 by path below the folder of the profiles. */
  readonly files: Readonly<Record<string, string>>
  readonly people: Readonly<Record<'alice' | 'bob', string>>
  /** JSON lines of reading commands, by the command. */
  readonly said: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
}

const folder = fileURLToPath(new URL('../recorded/releases', import.meta.url))
const recordAs = process.env['RECORD_RELEASE']
const password = 'the password of a release'
const reading = [
  ['whoami'],
  ['chats', 'list'],
  ['contacts', 'list'],
  ['devices', 'list'],
  ['group', 'show', 'hikers'],
  ['history', '#status'],
  ['history', 'hikers'],
  ['history', 'bob']
] as const

let sandbox: Sandbox
afterEach(() => sandbox.dispose())

async function read(words: readonly string[], people: Release['people'], group: string) {
  const args = words.map(word => (word === 'hikers' ? group : word === 'bob' ? people.bob : word))
  const { code, stdout, stderr } = await sandbox.run(['--json', '--profile', 'alice', ...args])
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
  // Where the profile lies is chance.
  return jsonLines(stdout).map(({ folder: _, ...line }) => line)
}

/** Alice and Bob of the program as it is: a conversation under the ratchet, a public chat, a group, a name. */
async function record(): Promise<Release> {
  sandbox = createSandbox(password)
  const people = { alice: '', bob: '' }
  for (const name of ['alice', 'bob'] as const) {
    const made = await sandbox.run(['--json', '--profile', name, 'init', '--light-kdf'])
    people[name] = String(jsonLines(made.stdout)[0]?.['text'])
  }
  const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
  const enode = (await relay.until(/enode:\/\/\S+/))[0]
  const alice = await comeOnline(sandbox, 'alice', enode)
  const bob = await comeOnline(sandbox, 'bob', enode)
  for (const one of [alice, bob]) await one.ask({ do: 'join', name: 'status' })
  for (const turn of [1, 2]) {
    await alice.ask({ do: 'send', to: people.bob, text: `from Alice, ${turn}` })
    await bob.heard(`from Alice, ${turn}`)
    await bob.ask({ do: 'send', to: people.alice, text: `from Bob, ${turn} 👋` })
    await alice.heard(`from Bob, ${turn}`)
  }
  await bob.ask({ do: 'send', to: '#status', text: 'to everybody' })
  await alice.heard('to everybody')
  const { group } = await alice.ask({ do: 'create-group', name: 'hikers', members: [people.bob] })
  await bob.until('"event":"chat"', String(group))
  await bob.ask({ do: 'join-group', group: String(group) })
  await alice.until('"joined":true', String(group))
  await bob.ask({ do: 'send', to: String(group), text: 'to the group' })
  await alice.heard('to the group')
  await Promise.all([alice.stop(), bob.stop()])
  const added = await sandbox.run([
    '--profile',
    'alice',
    'contacts',
    'add',
    people.bob,
    '--name',
    'Bobby',
    '--peer',
    enode
  ])
  if (added.code !== 0) throw new Error(added.stderr)
  const said: Record<string, ReturnType<typeof jsonLines>> = {}
  for (const words of reading) said[words.join(' ')] = await read(words, people, String(group))
  const files = Object.fromEntries(
    filesBelow(sandbox.dataFolder)
      .filter(path => !/LOCK$|\/LOG/.test(path))
      .map(path => [relative(sandbox.dataFolder, path), readFileSync(path).toString('base64')])
  )
  return { release: String(recordAs), password, files, people, said }
}

function unpack({ files, password: own }: Release): void {
  sandbox = createSandbox(own)
  for (const [path, base64] of Object.entries(files)) {
    const place = join(sandbox.dataFolder, path)
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 })
    writeFileSync(place, Buffer.from(base64, 'base64'), { mode: 0o600 })
  }
}

if (recordAs !== undefined)
  test('records what this release leaves', async () => {
    mkdirSync(folder, { recursive: true })
    const release = await record()
    writeFileSync(join(folder, `${recordAs}.json`), `${JSON.stringify(release, null, 1)}\n`)
    expect(Object.keys(release.said)).toHaveLength(reading.length)
  })

const releases = existsSync(folder)
  ? readdirSync(folder).map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Release)
  : []

describe.each(releases)('what $release left on disk', release => {
  const group = String(release.said['group show hikers']?.[0]?.['id'])

  test('reads as it did: every fact that was said then is said now', async () => {
    unpack(release)
    for (const words of reading) {
      const now = await read(words, release.people, group)
      const then = release.said[words.join(' ')] ?? []
      // A later release may say more of each thing.
      expect(now, words.join(' ')).toEqual(then.map(line => expect.objectContaining(line)))
    }
  })

  test('goes on: the two of them write each other, forward secret from the first message, in group and public chat', async () => {
    unpack(release)
    const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
    const enode = (await relay.until(/enode:\/\/\S+/))[0]
    const alice = await comeOnline(sandbox, 'alice', enode)
    const bob = await comeOnline(sandbox, 'bob', enode)
    await alice.ask({ do: 'send', to: release.people.bob, text: 'still there?' })
    expect(JSON.parse(await bob.heard('still there?'))).toMatchObject({ protection: 'forward-secret' })
    await bob.ask({ do: 'send', to: release.people.alice, text: 'I am' })
    expect(JSON.parse(await alice.heard('I am'))).toMatchObject({ protection: 'forward-secret' })
    await alice.ask({ do: 'send', to: group, text: 'all of us' })
    await bob.heard('all of us')
    await alice.ask({ do: 'send', to: '#status', text: 'all of you' })
    await bob.heard('all of you')
  })
})
