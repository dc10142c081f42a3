import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectAccount, type RemoteAccount } from '@status-stack/account-rpc/client'
import type { MessageFact } from '@status-stack/account-rpc/methods'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runEchoBot } from '../src/echo-bot.ts'

const program = join(dirname(createRequire(import.meta.url).resolve('status-stack/package.json')), 'dist', 'main.js')
if (!existsSync(program)) throw new Error('apps/cli is not built: run `pnpm build` first')
const python = spawnSync('python3', ['--version']).status === 0
if (!python) console.warn('python3 is not here: its bot was not run')

let folder: string
let botSocket: string
let person: RemoteAccount
const children: ChildProcess[] = []

/** A process, and what it says. */
function start(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let text = ''
  const wake = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', chunk => {
      text += chunk
      for (const look of wake) look()
    })
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
  return {
    child,
    closed,
    until: (pattern: RegExp): Promise<string> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text)
          if (match !== null) resolve(match[0])
        }
        wake.add(look)
        look()
        void closed.then(() => reject(new Error(`${pattern} never came: ${text}`)))
      })
  }
}

const cli = (...args: string[]) =>
  start(process.execPath, [
    program,
    '--data-dir',
    join(folder, 'data'),
    '--password-file',
    join(folder, 'password'),
    ...args
  ])

async function startDaemon(profile: string, enode: string): Promise<string> {
  await cli('--profile', profile, 'init', '--light-kdf').closed
  const daemon = cli('--profile', profile, 'daemon', '--peer', enode)
  await daemon.until(/connected to/)
  return daemon.until(/^\/\S+socket$/m)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'status-stack-bot-'))
  writeFileSync(join(folder, 'password'), 'a password of tests', { mode: 0o600 })
  const enode = await cli('node', '--ephemeral', '--listen', '127.0.0.1:0').until(/enode:\/\/\S+/)
  botSocket = await startDaemon('bot', enode)
  const socket = createConnection(await startDaemon('person', enode))
  person = connectAccount({
    input: socket,
    send: line => void socket.write(line),
    close: () => void socket.destroy()
  })
})

afterAll(async () => {
  person?.close()
  await Promise.all(
    children.map(child =>
      child.exitCode === null && child.signalCode === null
        ? new Promise(resolve => child.once('close', resolve).kill('SIGKILL'))
        : undefined
    )
  )
  rmSync(folder, { recursive: true, force: true })
})

/** Asks in the channel, and answers the bot's answer. */
async function ask(channel: string, text: string): Promise<MessageFact> {
  await person.joinChat({ chat: channel })
  let id: string | undefined
  const arrived: MessageFact[] = []
  const answered = new Promise<MessageFact>(resolve => {
    const look = (): void => {
      const found = arrived.find(({ replyTo }) => id !== undefined && replyTo === id)
      if (found !== undefined) resolve(found)
    }
    person.on('message', message => {
      arrived.push(message)
      look()
    })
    void person.send({ chat: channel, text }).then(sent => {
      id = sent.messageId
      look()
    })
  })
  return answered
}

test('the bot in TypeScript answers in the chat that it was asked in', async () => {
  const ending = new AbortController()
  const running = runEchoBot(botSocket, '#typescript', ending.signal)
  const answer = await ask('#typescript', '!echo {"chat": "hé"}')
  expect(answer).toMatchObject({
    text: '{"chat": "hé"}',
    outgoing: false,
    chat: { kind: 'public', name: 'typescript' }
  })
  ending.abort()
  await running
})

test.runIf(python)('the bot in Python does the same', async () => {
  const bot = start('python3', [fileURLToPath(new URL('../echo_bot.py', import.meta.url)), botSocket, '#python'])
  await bot.until(/ready/)
  const answer = await ask('#python', '!echo "two words" ☂')
  expect(answer).toMatchObject({ text: '"two words" ☂', outgoing: false, chat: { kind: 'public', name: 'python' } })
  bot.child.kill('SIGTERM')
  await bot.closed
})
