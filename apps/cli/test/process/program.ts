import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import { patienceMs, type Running } from './cli.ts'

type Json = Record<string, unknown>

/** A program that talks to the daemon over its Unix socket. */
export async function connectProgram(path: string) {
  const socket = createConnection(path)
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const received: Json[] = []
  const answers = new Map<unknown, (json: Json) => void>()
  const looking = new Set<(json: Json) => void>()
  const waiting = new Set<() => void>()
  socket.once('close', () => {
    for (const giveUp of waiting) giveUp()
  })
  createInterface({ input: socket }).on('line', line => {
    const json = JSON.parse(line) as Json
    received.push(json)
    answers.get(json['id'])?.(json)
    answers.delete(json['id'])
    for (const look of looking) look(json)
  })
  const within = <T>(what: string, work: (resolve: (value: T) => void) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${what} never came`)), patienceMs)
      const ended = (): void => reject(new Error(`${what} did not come: the daemon ended`))
      waiting.add(ended)
      if (socket.closed) ended()
      work(value => {
        clearTimeout(timer)
        waiting.delete(ended)
        resolve(value)
      })
    })
  let id = 0
  return {
    close: () => void socket.destroy(),
    write: (text: string) => void socket.write(`${text}\n`),
    /** What came already, or will. */
    until: (fits: (json: Json) => boolean): Promise<Json> => {
      const found = received.find(fits)
      if (found !== undefined) return Promise.resolve(found)
      return within('what was waited for', resolve => {
        const look = (json: Json): void => {
          if (!fits(json)) return
          looking.delete(look)
          resolve(json)
        }
        looking.add(look)
      })
    },
    call: (method: string, params?: object): Promise<Json> => {
      const mine = ++id
      return within(`the answer of ${method}`, resolve => {
        answers.set(mine, resolve)
        socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: mine, method, params })}\n`)
      })
    }
  }
}

export type Program = Awaited<ReturnType<typeof connectProgram>>

/** Talks to a daemon once it serves, by the path of the socket that it tells. */
export async function connectDaemon(running: Running): Promise<{ readonly path: string; readonly api: Program }> {
  // On another pipe than its other words: it may come later than they do.
  const [path] = await running.until(/^\/.*(?=\n)/m)
  return { path, api: await connectProgram(path) }
}
