// `node bench/run.mjs [--json]`: the built program from the outside: start-up, long histories, memory, sending.
// BENCH_MESSAGES (100 000), BENCH_IDLE_SECONDS (20) and BENCH_ROUNDS (7) make it longer or shorter.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { build, compareClocked, measurement, report } from '../../../tools/bench-harness.mjs'

const root = join(import.meta.dirname, '..', '..', '..')
const long = Number(process.env.BENCH_MESSAGES ?? 100_000)
const idleSeconds = Number(process.env.BENCH_IDLE_SECONDS ?? 20)
const rounds = Number(process.env.BENCH_ROUNDS ?? 7)
const short = 1000
const manyChats = { chats: 100, messages: 100 }

const layers = ['crypto', 'rlp', 'devp2p-transport', 'whisper', 'whisper-rpc', 'whisper-mailserver']
const above = ['status-accounts', 'status-data', 'status-pfs', 'status-sync', 'conformance', 'status-client']
for (const name of [...layers, ...above]) build(join(root, 'packages', name))
build(join(root, 'apps', 'cli'), 'main.js')
const { createTemplate, lastTextOf, rareWord, writeExport } = await import('./histories.mjs')
const { hasTerminal, main, nowNs, residentBytes, start, startInTerminal, timedRun } = await import('./processes.mjs')

const load = loadavg()[0]
const say = text => console.error(`  ${text}`)
const folder = mkdtempSync(join(tmpdir(), 'status-stack-bench-'))
const password = 'bench'
writeFileSync(join(folder, 'password.txt'), password)
const { execPath: node } = process
const common = ['--data-dir', join(folder, 'data'), '--password-file', join(folder, 'password.txt')]
const of = (profile, ...args) => [main, ...common, '--profile', profile, ...args]
const stack = (profile, ...args) => timedRun(node, of(profile, ...args))
const jobs = []
const running = []

try {
  await startUp()
  const people = await histories()
  await lastPage(people)
  await reading(people)
  await memory(people)
  await sending()
} finally {
  await Promise.all(running.map(program => program.stop()))
  rmSync(folder, { recursive: true, force: true })
}
report('cli', jobs, { load: Number(load.toFixed(1)), cores: cpus().length, terminal: hasTerminal })

/** `whoami` beside Node alone and two programs that everybody knows. */
async function startUp() {
  say('start-up')
  stack('whoami', 'init', '--light-kdf')
  const candidates = {
    'node -e 0': () => timedRun(node, ['-e', '0']),
    'status-stack whoami': () => stack('whoami', 'whoami'),
    'npm --version': () => timedRun('npm', ['--version']),
    'tsc --version': () => timedRun(node, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--version'])
  }
  jobs.push(await compareClocked('start-up', candidates, { rounds: 2 * rounds + 1, aim: 'whoami at most 4 x' }))
}

/** Profiles with histories; the times of their making are results too. */
async function histories() {
  const template = await createTemplate(folder)
  const kinds = { short: { messages: short }, long: { messages: long }, many: manyChats, full: { messages: short } }
  const people = {}
  const rates = {}
  for (const [name, history] of Object.entries(kinds)) {
    say(`history ${name}`)
    const file = join(folder, `${name}.json`)
    people[name] = (await writeExport(file, password, template, history))[0]
    // One profile is opened with all the work that a real one takes.
    const kdf = name === 'full' ? [] : ['--light-kdf']
    const seconds = stack(name, 'account', 'import', file, ...kdf) / 1e9
    if (name === 'long') rates[`account import of ${long} messages`] = long / seconds
    rmSync(file)
  }
  const out = join(folder, 'out.json')
  rates[`account export of ${long} messages`] = long / (stack('long', 'account', 'export', '--out', out) / 1e9)
  rmSync(out)
  jobs.push(measurement('whole histories', 'messages/s', rates))
  return people
}

/** From the start of the process to the newest message on the screen; the key is derived with little work, so that it hides nothing. */
async function lastPage(people) {
  say('last page')
  const open = (profile, messages, to) => async () => {
    const args = of(profile, 'chat', ...(to === undefined ? [] : ['--to', to]))
    const program = hasTerminal ? startInTerminal(node, args) : start(node, args)
    const { ns } = await program.until(new RegExp(`${lastTextOf(messages)}\\b`))
    program.type(hasTerminal ? '/quit\r' : '/quit\n')
    await program.ended
    return ns
  }
  const candidates = {
    [`a chat of ${short} messages`]: open('short', short, people.short),
    [`a chat of ${long} messages`]: open('long', long, people.long),
    [`one of ${manyChats.chats} chats`]: open('many', manyChats.messages, people.many)
  }
  const how = hasTerminal ? 'chat, full screen' : 'chat, line by line'
  jobs.push(await compareClocked(`${how}: start to last page`, candidates, { rounds, aim: `${long} at most 2 x` }))
}

/** Commands that read the store and end. */
async function reading(people) {
  say('reading')
  const commands = {
    'history --limit 50': who => ['history', who, '--limit', '50'],
    'history --search, found at once': who => ['history', who, '--limit', '1', '--search', 'number'],
    'history --search, read to the end': who => ['history', who, '--search', rareWord],
    chats: () => ['chats']
  }
  for (const [name, command] of Object.entries(commands)) {
    const candidates = {
      [`${short} messages`]: () => stack('short', ...command(people.short)),
      [`${long} messages`]: () => stack('long', ...command(people.long)),
      ...(name === 'chats' ? { [`${manyChats.chats} chats`]: () => stack('many', ...command()) } : {})
    }
    jobs.push(await compareClocked(name, candidates, { rounds: Math.min(rounds, 5) }))
  }
}

/** Resident memory of programs that are on line and do nothing. */
async function memory(people) {
  say('memory')
  const relay = keep(start(node, [main, 'node', '--ephemeral', '--listen', '127.0.0.1:0']))
  const enode = (await relay.until(/enode:\/\/\S+/)).match[0]
  const peer = ['--peer', enode]
  const found = {}
  const measure = async programs => {
    await delay(idleSeconds * 1000)
    for (const [name, program] of Object.entries(programs)) found[name] = residentBytes(program.processId()) / 1e6
  }
  const online = async (profile, ...args) => {
    const program = keep(start(node, of(profile, ...args, ...peer)))
    await program.until(/connected to/)
    return program
  }
  const listening = {
    'node, 4 peers': relay,
    [`listen, ${short} messages`]: await online('short', 'listen'),
    [`listen, ${long} messages`]: await online('long', 'listen'),
    [`listen, ${manyChats.chats} chats`]: await online('many', 'listen'),
    'listen, key derived with full work': await online('full', 'listen')
  }
  await measure(listening)
  for (const program of Object.values(listening)) if (program !== relay) await program.stop()
  const others = { [`daemon, ${long} messages`]: await online('long', 'daemon') }
  if (hasTerminal) {
    const screen = keep(startInTerminal(node, of('many', 'chat', '--to', people.many, ...peer)))
    await screen.until(/online, 1 peer/)
    others[`chat on the full screen, ${manyChats.chats} chats`] = screen
  }
  await measure(others)
  for (const program of Object.values(others)) await program.stop()
  if (hasTerminal) {
    const screen = keep(startInTerminal(node, of('long', 'chat', '--to', people.long, ...peer)))
    await screen.until(/online, 1 peer/)
    await measure({ [`chat on the full screen, ${long} messages`]: screen })
    await screen.stop()
  }
  await relay.stop()
  jobs.push(measurement(`resident memory after ${idleSeconds} s without work`, 'MB', found, 'at most 150 MB'))
}

/** One message by one process, to somebody who listens. */
async function sending() {
  say('sending')
  const keys = {}
  for (const name of ['alice', 'bob']) {
    const made = start(node, of(name, 'init', '--light-kdf'))
    keys[name] = (await made.until(/zQ3sh\S+/)).match[0]
    await made.ended
  }
  const relay = keep(start(node, [main, 'node', '--ephemeral', '--listen', '127.0.0.1:0']))
  const enode = (await relay.until(/enode:\/\/\S+/)).match[0]
  // A stranger may send only so much.
  stack('bob', 'contacts', 'add', keys.alice, '--peer', enode)
  const bob = keep(start(node, of('bob', 'listen', '--peer', enode)))
  await bob.until(/connected to/)
  const send = wait => () => stack('alice', 'send', '--to', keys.bob, '--peer', enode, '--wait', wait, 'hello')
  const candidates = {
    'send --wait posted': send('posted'),
    'send --wait confirmed': send('confirmed'),
    'send --wait acknowledged': send('acknowledged')
  }
  jobs.push(
    await compareClocked('one message by one process, over a relay', candidates, { rounds: Math.min(rounds, 5) })
  )
  const lines = 200
  const chat = keep(start(node, of('alice', 'chat', '--plain', '--to', keys.bob, '--peer', enode)))
  await chat.until(/chatting with/)
  await chat.until(/connected to/)
  const began = nowNs()
  for (let line = 1; line <= lines; line++) chat.type(`line ${line}\n`)
  await bob.until(new RegExp(`line ${lines}\\b`))
  const seconds = (nowNs() - began) / 1e9
  jobs.push(measurement('lines typed into one chat, until all have arrived', 'messages/s', { chat: lines / seconds }))
  for (const program of [chat, bob, relay]) await program.stop()
}

function keep(program) {
  running.push(program)
  return program
}
