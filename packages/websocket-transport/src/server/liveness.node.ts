import type { Scheduler } from '@status-stack/interface'
import type { WebSocket } from 'ws'

/**
 * Asks a WebSocket for a sign of life and cuts it when none has come by the next time: a proxy may keep a connection open whose
 * client is gone. Any message counts; while we ourselves do not read, silence says nothing.
 */
export function keepAlive(socket: WebSocket, scheduler: Scheduler, intervalMs: number): void {
  let alive = true
  let cancel: () => void = () => undefined
  const heard = (): void => {
    alive = true
  }
  const look = (): void => {
    if (!alive && !socket.isPaused) {
      socket.terminate()
      return
    }
    // What came meanwhile is read after the pause.
    alive = socket.isPaused
    if (socket.readyState === socket.OPEN) socket.ping()
    cancel = scheduler.after(intervalMs, look)
  }
  cancel = scheduler.after(intervalMs, look)
  socket.on('pong', heard)
  socket.on('ping', heard)
  socket.on('message', heard)
  socket.on('close', () => cancel())
}
