import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { BatchAnswer } from './protocol.ts'
import type { ThreadPlatform } from './spawn.ts'

/** Starts one thread from its built file. */
export function startThread(file: URL): ReturnType<ThreadPlatform['spawn']> {
  const worker = new Worker(file)
  worker.unref()
  let waiting:
    | { readonly resolve: (answer: BatchAnswer) => void; readonly reject: (error: unknown) => void }
    | undefined
  let gone: { readonly error: unknown } | undefined
  const fail = (error: unknown): void => {
    gone ??= { error }
    waiting?.reject(error)
    waiting = undefined
  }
  worker.on('message', (answer: BatchAnswer) => {
    waiting?.resolve(answer)
    waiting = undefined
  })
  worker.on('error', fail)
  worker.on('exit', code => fail(new Error(`search thread ended with code ${code}`)))
  return {
    run: request =>
      new Promise((resolve, reject) => {
        // A thread that ended between two searches answers nothing, and tells of its end no second time.
        if (gone !== undefined) {
          reject(gone.error)
          return
        }
        waiting = { resolve, reject }
        worker.postMessage(request)
      }),
    hold: alive => (alive ? worker.ref() : worker.unref()),
    stop: async () => {
      await worker.terminate()
    }
  }
}

export const platform: ThreadPlatform = {
  // Sources are not what a thread can load: from TypeScript everything runs in the calling thread.
  spawn: () =>
    new URL(import.meta.url).pathname.endsWith('.ts')
      ? undefined
      : startThread(new URL('./pow-worker.node.js', import.meta.url)),
  defaultCount: () => Math.max(1, availableParallelism() - 1)
}
