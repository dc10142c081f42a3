import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadVectors } from '@status-stack/vectors'
import { createSandbox, type Ended, jsonLines, patienceMs, type Sandbox } from '../cli.ts'
import { comeOnline } from '../participant.ts'
import { commandOf } from './examples.ts'

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

/** People that talked, a group, an invitation, a second device, files: everything that the examples speak of. */
export interface World {
  readonly sandbox: Sandbox
  readonly enode: string
  readonly people: Readonly<Record<Name, string>>
  /** Alice's recovery phrase. */
  readonly words: string
  /** The line with each placeholder replaced by what it stands for. */
  readonly fill: (line: string) => string
  /** A folder with a copy of the world's profiles and files, in which one line can run. */
  readonly copy: (line: string) => Copy
  /** Somebody says something in #status. */
  readonly say: (text: string) => Promise<void>
  readonly dispose: () => Promise<void>
}

export interface Copy {
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  /** Runs the line in a shell; `told` is asked after each output whether the line has said what it was run for. */
  readonly run: (line: string, told?: (text: string) => boolean | Promise<boolean>) => Promise<Ended>
}

const names = ['default', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'stranger'] as const
type Name = (typeof names)[number]

/** A PNG of one grey pixel. */
const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64'
)

const password = 'correct horse battery staple'

export async function createWorld(): Promise<World> {
  const sandbox = createSandbox(password)
  const people = {} as Record<Name, string>
  await Promise.all(
    names.map(async name => {
      const made = await sandbox.run(['--json', '--profile', name, 'init', '--light-kdf'])
      people[name] = String(jsonLines(made.stdout)[0]?.['text'])
    })
  )
  const phrase = (await sandbox.run(['account', 'phrase'])).stdout.trim()
  const words = join(sandbox.folder, 'words.txt')
  writeFileSync(words, phrase)
  await sandbox.run(['--profile', 'phone', 'account', 'recover', '--light-kdf', '--phrase-file', words])
  const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
  const enode = (await relay.until(/enode:\/\/\S+/))[0]
  const archive = join(sandbox.folder, 'archive')
  const server = sandbox.start([
    'mailserver',
    '--ephemeral',
    '--archive',
    archive,
    '--listen',
    '127.0.0.1:0',
    '--peer',
    enode
  ])
  const mailserver = (await server.until(/enode:\/\/\S+/))[0]
  const [alice, phone, bob, stranger, dave] = await Promise.all(
    ['default', 'phone', 'bob', 'stranger', 'dave', 'erin', 'frank'].map(name => comeOnline(sandbox, name, enode))
  )
  if (!alice || !phone || !bob || !stranger || !dave) throw new Error('nobody is there')

  await Promise.all([alice, bob, dave].map(one => one.ask({ do: 'join', name: 'status' })))
  const first = await alice.ask({ do: 'send', to: people.bob, text: 'hello Bob' })
  await bob.heard('hello Bob')
  const reply = await bob.ask({ do: 'send', to: people.default, text: 'hello Alice, when do we meet?' })
  await alice.heard('when do we meet')
  await bob.ask({ do: 'send', to: '#status', text: 'the meeting begins at noon' })
  await alice.heard('begins at noon')
  const { group } = await alice.ask({ do: 'create-group', name: 'hikers', members: [people.bob] })
  await bob.until('"event":"chat"', String(group))
  await bob.ask({ do: 'join-group', group: String(group) })
  await alice.until('"joined":true', String(group))
  const invitation = await bob.ask({ do: 'create-group', name: 'climbers', members: [people.default] })
  await alice.until('"event":"chat"', String(invitation['group']))
  await stranger.ask({ do: 'send', to: people.default, text: 'do you know me?' })
  await alice.heard('do you know me?')
  const picture = join(sandbox.folder, 'picture.png')
  writeFileSync(picture, onePixel)
  const image = ['send', '--to', people.default, '--peer', enode, '--image', picture, 'look']
  await sandbox.run(['--profile', 'carol', ...image])
  const photo = /"messageId":"(0x[0-9a-f]{64})"/.exec(await alice.heard('"kind":"image"'))?.[1] ?? ''
  await phone.ask({ do: 'pair', name: 'phone' })
  const device = await alice.until('"event":"device"', '"name":"phone"')
  await Promise.all([alice, phone, bob, stranger].map(one => one.stop()))

  const files = join(sandbox.folder, 'files')
  mkdirSync(files)
  const put = (name: string, text: string): void => writeFileSync(join(files, name), text, { mode: 0o600 })
  put('password.txt', `${password}\n`)
  put('new-password.txt', 'another password\n')
  put('words.txt', `${phrase}\n`)
  put('key.hex', `${randomBytes(32).toString('hex')}\n`)
  put('secret.hex', `${randomBytes(32).toString('hex')}\n`)
  put('notes.txt', 'what I wrote down\n')
  put('x3dh.json', JSON.stringify(await loadVectors('x3dh')))
  put('capture.hex', `# an acknowledgement\ncab80220${'de'.repeat(32)}\n`)
  put('keys.json', JSON.stringify({ identities: [randomBytes(32).toString('hex')], chats: ['status'] }))
  await sandbox.run(['account', 'export', '--out', join(files, 'backup.json')])
  // The person of the examples with a name: nobody who has said anything, so that all others are shown by their keys.
  await sandbox.run(['contacts', 'name', people.grace, 'Bob'])
  const link = (await sandbox.run(['keys', 'link', '--profile', 'bob', '--peer', enode])).stdout.trim()
  const shell = join(sandbox.folder, 'bin')
  mkdirSync(shell)
  writeFileSync(join(shell, 'status-stack'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
  chmodSync(join(shell, 'status-stack'), 0o755)

  // Each copy of Alice's profile begins at the same message; who has met one copy cannot answer the next.
  const strangers: Name[] = ['erin', 'frank', 'dave']
  const fill = (line: string): string => {
    const command = commandOf(line)
    const fitting: readonly Name[] = line.includes('--wait acknowledged')
      ? [strangers.shift() ?? 'dave']
      : command === 'chats accept'
        ? ['stranger']
        : command === 'group invite'
          ? ['carol']
          : // Whoever is online and can acknowledge.
            command === 'send' || command === 'chat'
            ? ['dave']
            : ['bob', 'carol']
    let person = 0
    const received = ['history', 'react'].includes(command)
    return line
      .replace(/\b(0\.0\.0\.0|127\.0\.0\.1):\d{4,5}\b/g, '127.0.0.1:0')
      .replace('--nat any', '--nat none')
      .replace('--for 60', command === 'call' ? '--for 1' : '--for 60')
      .replace(/zQ3sh…/g, () => people[fitting[person++] ?? 'carol'])
      .replace(/(--mailserver|--sync-from) enode:\/\/…(@host:30303)?/g, `$1 ${mailserver}`)
      .replace(/enode:\/\/…(@host:30303)?/g, enode)
      .replace('./my-whisper --vectors', `${process.execPath} ${main} conformance --serve`)
      .replace('0x7a15…', photo)
      .replace('0x3e91…', String((received ? reply : first)['messageId']))
      .replace('fcb42c9b-…', String(command === 'group join' ? invitation['group'] : group))
      .replace('7ec7eea3-…', /"installationId":"([^"]+)"/.exec(device)?.[1] ?? '')
      .replace('https://join.status.im/u/…', link)
  }

  let copies = 0
  const copy = (line: string): Copy => {
    const folder = join(sandbox.folder, `copy-${++copies}`)
    cpSync(files, folder, { recursive: true })
    const data = join(folder, 'data', 'status-stack')
    mkdirSync(data, { recursive: true })
    // One example is for another profile, made the way its own example says.
    const other = /(?:--profile|profiles remove) (\S+)/.exec(line)?.[1]
    const makes = ['init', 'account recover', 'account import'].includes(commandOf(line))
    if (!makes) cpSync(join(sandbox.dataFolder, 'default'), join(data, other ?? 'default'), { recursive: true })
    // What a line writes must not be there yet.
    for (const written of line.matchAll(/(?:--out|>) (\S+)/g)) {
      const file = (written[1] ?? '').replace('~', folder)
      if (file.startsWith('/')) mkdirSync(join(file, '..'), { recursive: true })
      rmSync(join(folder, written[1] ?? ''), { force: true })
    }
    const environment: NodeJS.ProcessEnv = {
      PATH: `${shell}:${process.env['PATH']}`,
      HOME: folder,
      XDG_DATA_HOME: join(folder, 'data'),
      XDG_CONFIG_HOME: join(folder, 'config'),
      STATUS_STACK_PASSWORD_FILE: join(files, 'password.txt'),
      STATUS_STACK_NODE_LISTEN: '127.0.0.1:0',
      NO_COLOR: '1',
      TZ: 'UTC',
      LC_ALL: 'C.UTF-8'
    }
    const run: Copy['run'] = async (text, told) => {
      const ended = await runLine(text, folder, environment, told)
      const into = / > (\S+)$/.exec(text)?.[1]?.replace('~', folder)
      return into === undefined ? ended : { ...ended, stdout: ended.stdout + readFileSync(into, 'utf8') }
    }
    return { folder, environment, run }
  }

  return {
    sandbox,
    enode,
    people,
    words: phrase,
    fill,
    copy,
    say: async text => {
      await dave.ask({ do: 'send', to: '#status', text })
    },
    dispose: () => sandbox.dispose()
  }
}

function runLine(
  line: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  told?: (text: string) => boolean | Promise<boolean>
): Promise<Ended> {
  const child = spawn('sh', ['-c', `exec ${line}`], { cwd: folder, env: environment, stdio: ['pipe', 'pipe', 'pipe'] })
  // Only what goes on until it is told to end keeps its stdin.
  if (told === undefined) child.stdin.end()
  let [stdout, stderr, ended] = ['', '', false]
  const watchdog = setTimeout(() => {
    stderr += `\n(killed: it did not end)`
    child.kill('SIGKILL')
  }, patienceMs)
  const look = async (): Promise<void> => {
    if (told === undefined || ended || !(await told(stdout + stderr)) || ended) return
    ended = true
    child.kill('SIGTERM')
  }
  child.stdout.setEncoding('utf8').on('data', chunk => {
    stdout += chunk
    void look()
  })
  child.stderr.setEncoding('utf8').on('data', chunk => {
    stderr += chunk
    void look()
  })
  return new Promise(resolve =>
    child.on('close', code => {
      clearTimeout(watchdog)
      resolve({ code, stdout, stderr })
    })
  )
}
