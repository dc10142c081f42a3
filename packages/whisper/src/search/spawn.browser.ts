import type { BatchAnswer } from './protocol.ts'
import type { ThreadPlatform } from './spawn.ts'

/** Wraps a browser's worker that runs pow-worker.browser. */
export function wrapWorker(worker: Worker): ReturnType<ThreadPlatform['spawn']> {
  let waiting:
    | { readonly resolve: (answer: BatchAnswer) => void; readonly reject: (error: unknown) => void }
    | undefined
  let failed = false
  worker.addEventListener('message', (event: MessageEvent<BatchAnswer>) => {
    waiting?.resolve(event.data)
    waiting = undefined
  })
  // Also before anything was asked: a bundler that left the worker's file behind shows here.
  worker.addEventListener('error', () => {
    failed = true
    waiting?.reject(new Error('search thread failed'))
    waiting = undefined
  })
  return {
    run: request =>
      new Promise((resolve, reject) => {
        if (failed) {
          reject(new Error('search thread failed'))
          return
        }
        waiting = { resolve, reject }
        worker.postMessage(request)
      }),
    hold: () => undefined,
    stop: async () => {
      worker.terminate()
      waiting?.reject(new Error('search thread stopped'))
    }
  }
}

export const platform: ThreadPlatform = {
  spawn: () => {
    if (typeof Worker === 'undefined' || new URL(import.meta.url).pathname.endsWith('.ts')) return undefined
    try {
      // Bundlers know this form and bring the file along.
      return wrapWorker(new Worker(new URL('./pow-worker.browser.js', import.meta.url), { type: 'module' }))
    } catch {
      // A content security policy may forbid workers.
      return undefined
    }
  },
  defaultCount: () => Math.max(1, (globalThis.navigator?.hardwareConcurrency ?? 2) - 1)
}
