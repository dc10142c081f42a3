import { connect, createServer, type Socket } from 'node:net'
import { deserialize, serialize } from 'node:v8'
import { type FrameSocket, frameSocket } from './frames.ts'

/** What one process lets another call. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments of all functions
type Doors = Readonly<Record<string, (...args: any[]) => unknown>>

/** The same from outside: every answer takes a while. */
export type Remote<D extends Doors> = {
  readonly [Name in keyof D]: (...args: Parameters<D[Name]>) => Promise<Awaited<ReturnType<D[Name]>>>
}

interface Call {
  readonly id: number
  readonly name: string
  readonly args: readonly unknown[]
}

type Answer = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string }

/** The first frame of a connection says what it is for. */
export interface Link {
  readonly id: string
  readonly address: string
  /** Which of the nodes of the process it is for, where there are several. */
  readonly node?: number
}

async function answer(socket: FrameSocket, doors: Doors, { id, name, args }: Call): Promise<void> {
  const given = await (async (): Promise<Answer> => {
    try {
      return { id, value: await doors[name]?.(...args) }
    } catch (error) {
      return { id, error: String(error) }
    }
  })()
  await socket.write(0, serialize(given)).catch(() => undefined)
}

async function accept(socket: Socket, doors: Doors, onLink: (socket: FrameSocket, link: Link) => void): Promise<void> {
  const framed = frameSocket(socket)
  const frames = framed.frames()
  const first = await frames.next()
  if (first.done === true) return
  const link = deserialize(first.value.payload) as Link | undefined
  if (link !== undefined) onLink(framed, link)
  else for await (const { payload } of frames) void answer(framed, doors, deserialize(payload))
}

/** Opens the doors of this process on a port of loopback, and tells the process that started it which. */
export function serveDoors(
  doors: Doors,
  onLink: (socket: FrameSocket, link: Link) => void = socket => socket.cut()
): void {
  const server = createServer(socket => void accept(socket, doors, onLink))
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object' && address !== null) process.send?.(address.port)
  })
  process.on('disconnect', () => process.exit())
}

async function dial(port: number, link: Link | undefined): Promise<FrameSocket> {
  const socket = connect(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const framed = frameSocket(socket)
  await framed.write(0, serialize(link))
  return framed
}

/** A connection for packets to the process on this port. */
export const dialLink = (port: number, link: Link): Promise<FrameSocket> => dial(port, link)

/** Calls the doors of the process on this port. */
export async function dialDoors<D extends Doors>(port: number): Promise<Remote<D>> {
  const socket = await dial(port, undefined)
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let calls = 0
  void (async () => {
    for await (const { payload } of socket.frames()) {
      const given = deserialize(payload) as Answer
      const call = waiting.get(given.id)
      waiting.delete(given.id)
      if ('error' in given) call?.reject(new Error(given.error))
      else call?.resolve(given.value)
    }
    for (const { reject } of waiting.values()) reject(new Error('the process has ended'))
  })()
  const call = (name: string, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      calls += 1
      waiting.set(calls, { resolve, reject })
      socket.write(0, serialize({ id: calls, name, args } satisfies Call)).catch(reject)
    })
  return new Proxy({} as Remote<D>, {
    // What is awaited by mistake must not look like a promise.
    get: (_, name) =>
      typeof name === 'string' && name !== 'then' ? (...args: unknown[]) => call(name, args) : undefined
  })
}
