import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesToHex, generatePrivateKey, randomBytes } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'
import { createAccount } from '../account.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { profileOf } from '../profile.ts'
import { type Person, startPerson } from './process.ts'
import { type Step, steps, type World } from './steps.ts'

interface StepResult {
  readonly name: string
  readonly ok: boolean
  readonly protection?: string
  readonly ms: number
}

const people = ['alice', 'bob', 'carol'] as const

/** The whole stack on this machine: a relay and three people as processes of their own, over RLPx on loopback TCP. */
export async function demo(_: object, globals: Globals, output: Output): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'status-stack-demo-'))
  const environment = { ...process.env, STATUS_STACK_PASSWORD: bytesToHex(randomBytes(16)), NODE_NO_WARNINGS: '1' }
  const running: Person[] = []
  const results: StepResult[] = []
  try {
    output.note(
      { event: 'start', format: 1 },
      'A local network of the 2019–20 Status protocol: each name below is a process of its own.\n'
    )
    const world = await timed(
      { name: 'network', title: 'a relay and three people', run: () => build() },
      results,
      output
    )
    for (const step of steps) {
      await timed({ ...step, run: () => step.run(world) }, results, output)
    }
  } finally {
    for (const person of running.reverse()) await person.end()
    await rm(folder, { recursive: true, force: true })
    const ok = results.length === steps.length + 1 && results.every(result => result.ok)
    output.data(
      { event: 'summary', ok, steps: results },
      `\n${ok ? 'All' : 'Not all'} steps worked: ${results.map(result => `${result.name} ${result.ok ? '✓' : '✗'}`).join(', ')} (${Math.round(results.reduce((sum, result) => sum + result.ms, 0) / 100) / 10} s)`
    )
  }

  async function build(): Promise<World> {
    const timeoutMs = globals.timeout * 1000
    const start = (name: string, args: readonly string[]): Person => {
      const person = startPerson(name, args, environment)
      running.push(person)
      return person
    }
    const relay = start('relay', ['node', '--ephemeral', '--listen', '127.0.0.1:0'])
    const enode = String((await relay.until(fact => fact.event === 'listening', timeoutMs))['enode'])
    output.note(
      { event: 'process', name: 'relay', pid: relay.pid },
      `  relay   process ${relay.pid}  ${enode.slice(0, 24)}…${enode.slice(enode.indexOf('@'))}`
    )
    const keys = new Map<string, string>()
    const join_ = async (name: string): Promise<Person> => {
      const account = await createAccount(
        profileOf({ profile: name, dataDir: folder }),
        generatePrivateKey(),
        environment.STATUS_STACK_PASSWORD
      )
      keys.set(name, account.text)
      const person = start(name, ['--data-dir', folder, '--profile', name, 'participant', '--peer', enode])
      await person.until(fact => fact.event === 'attached', timeoutMs)
      output.note(
        { event: 'process', name, pid: person.pid, publicKey: encodeKeyText(account.publicKey) },
        `  ${name.padEnd(7)} process ${person.pid}  ${account.text}`
      )
      return person
    }
    const [alice, bob, carol] = await Promise.all(people.map(join_))
    if (!alice || !bob || !carol) throw new CliError('failed', 'network', 'not everybody is there')
    return { relay, alice, bob, carol, keyOf: person => keys.get(person.name) ?? '', timeoutMs, output }
  }
}

async function timed<T extends { readonly protection?: string } | World>(
  step: Omit<Step, 'run'> & { readonly run: () => Promise<T> },
  results: StepResult[],
  output: Output
): Promise<T> {
  const number = results.length + 1
  output.note({ event: 'step', name: step.name, title: step.title }, `${number}. ${step.title}`)
  const started = performance.now()
  const elapsed = (): number => Math.round(performance.now() - started)
  try {
    const outcome = await step.run()
    const protection = 'protection' in outcome ? outcome.protection : undefined
    results.push({ name: step.name, ok: true, ...(protection === undefined ? {} : { protection }), ms: elapsed() })
    output.note(
      { event: 'step-done', name: step.name, ok: true, ms: elapsed() },
      `   ✓ ${step.name}${protection === undefined ? '' : `: ${protection}`} (${elapsed()} ms)\n`
    )
    return outcome
  } catch (error) {
    results.push({ name: step.name, ok: false, ms: elapsed() })
    const message = error instanceof Error ? error.message : String(error)
    throw new CliError('failed', 'step-failed', `step ${step.name} failed: ${message}`)
  }
}
