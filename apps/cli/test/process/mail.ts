import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, jsonLines, type Running, type Sandbox } from './cli.ts'

export interface MailOptions {
  readonly password?: string
  readonly args?: readonly string[]
}

/** A mailserver in a process of its own; it can end and start again with its archive and without its pool. */
export interface Mail {
  readonly enode: string
  readonly withPassword: (password: string) => string
  readonly running: () => Running
  /** Envelopes that this process has archived so far, and others of its facts. */
  readonly facts: (event: string) => Record<string, unknown>[]
  readonly stop: () => Promise<Ended>
  /** What was in the pool is gone. */
  readonly restart: () => Promise<void>
}

let count = 0

export async function startMail(sandbox: Sandbox, { password, args = [] }: MailOptions = {}): Promise<Mail> {
  const profile = `mail${++count}`
  const passwordArgs: string[] = []
  if (password !== undefined) {
    const file = join(sandbox.folder, `${profile}.txt`)
    writeFileSync(file, `${password}\n`, { mode: 0o600 })
    passwordArgs.push('--mail-password-file', file)
  }
  const start = async (listen: string): Promise<{ running: Running; enode: string }> => {
    const flags = ['mailserver', '--light-kdf', '--listen', listen, ...passwordArgs, ...args]
    const running = sandbox.start(['--json', '--profile', profile, ...flags])
    await running.until(/"event":"ready"/)
    const enode = jsonLines(running.stdout()).find(line => line['event'] === 'listening')?.['enode']
    return { running, enode: String(enode) }
  }
  let { running, enode } = await start('127.0.0.1:0')
  const stop = (): Promise<Ended> => {
    running.child.kill('SIGTERM')
    return running.ended
  }
  return {
    enode,
    withPassword: given => enode.replace('@', `:${given}@`),
    running: () => running,
    facts: event => {
      const whole = running.stdout().slice(0, running.stdout().lastIndexOf('\n') + 1)
      return jsonLines(whole).filter(line => line['event'] === event)
    },
    stop,
    restart: async () => {
      await stop()
      const again = await start(enode.slice(enode.indexOf('@') + 1))
      if (again.enode !== enode) throw new Error('the mailserver has another key')
      running = again.running
    }
  }
}
