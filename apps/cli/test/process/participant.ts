import type { Running, Sandbox } from './cli.ts'

/** Somebody who is online. */
export interface Person {
  readonly ask: (request: object) => Promise<Record<string, unknown>>
  readonly heard: (text: string) => Promise<string>
  /** The first line that has all of these in it. */
  readonly until: (...parts: string[]) => Promise<string>
  readonly stop: () => Promise<void>
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Somebody online, told what to do through stdin: the demo's participant. */
export async function comeOnline(sandbox: Sandbox, profile: string, enode: string): Promise<Person> {
  const running: Running = sandbox.start(['--json', '--profile', profile, 'participant', '--peer', enode])
  await running.until(/"event":"attached"/)
  let asked = 0
  const until = async (...parts: string[]): Promise<string> =>
    (await running.until(new RegExp(`^${parts.map(part => `(?=.*${escaped(part)})`).join('')}.*$`, 'm')))[0]
  return {
    until,
    heard: text => until('"event":"message"', '"outgoing":false', text),
    ask: async request => {
      const id = ++asked
      running.type(JSON.stringify({ id, ...request }))
      const answer = JSON.parse(await until('"event":"reply"', `"id":${id},`)) as Record<string, unknown>
      if (answer['ok'] !== true) throw new Error(`${profile}: ${JSON.stringify(answer)}`)
      return answer
    },
    stop: async () => {
      running.child.stdin?.end()
      await running.ended
    }
  }
}
