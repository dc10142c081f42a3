import { whenAborted } from '@status-stack/utils'

/** How many bytes are on their way to a reader, and who waits to send more. */
export interface Window {
  /** Resolves in the order of the calls, once there is room; rejects with the signal's reason. */
  readonly acquire: (bytes: number, signal?: AbortSignal) => Promise<void>
  /** The reader has taken this many bytes. False when that is more than were on their way. */
  readonly release: (bytes: number) => boolean
  /** Lets everyone go who waits. */
  readonly end: () => void
}

/** A packet that is longer than the window goes when nothing else is on its way. */
export function createWindow(size: number): Window {
  let used = 0
  let open = true
  // BOUNDED: one entry for each `send` that its caller awaits
  const waiting: { readonly bytes: number; readonly go: () => void }[] = []
  const fits = (bytes: number): boolean => !open || used === 0 || used + bytes <= size
  const serve = (): void => {
    for (let next = waiting[0]; next !== undefined && fits(next.bytes); next = waiting[0]) {
      waiting.shift()
      used += next.bytes
      next.go()
    }
  }
  return {
    acquire: (bytes, signal) => {
      if (waiting.length === 0 && fits(bytes)) {
        used += bytes
        return Promise.resolve()
      }
      return new Promise((resolve, reject) => {
        const entry = {
          bytes,
          go: () => {
            callOff()
            resolve()
          }
        }
        const leave = (): void => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(signal?.reason)
          serve()
        }
        waiting.push(entry)
        const callOff = whenAborted(signal, leave)
      })
    },
    release: bytes => {
      if (!(bytes > 0 && bytes <= used)) return false
      used -= bytes
      serve()
      return true
    },
    end: () => {
      open = false
      serve()
    }
  }
}
