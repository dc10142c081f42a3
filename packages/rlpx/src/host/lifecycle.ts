import { createLifecycle } from '@status-stack/utils'
import { check, throwIfAborted } from '../errors.ts'
import type { ByteStream } from '../ports.ts'
import type { HostConnections } from './connections.ts'
import type { HostContext } from './context.ts'
import type { Host } from './types.ts'

/** Starting and stopping, one after the other. */
export function createHostLifecycle(
  context: HostContext,
  { dialer, statics }: Pick<HostConnections, 'dialer' | 'statics'>,
  accept: (stream: ByteStream) => void
): Pick<Host, 'start' | 'stopDialing' | 'stop'> {
  const { carrier, events, options, scheduler, status, table } = context

  const start = async ({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> => {
    throwIfAborted(signal)
    if (status.phase === 'running') return
    if (options.listen !== false) {
      status.listener = await carrier.listen(options.listen, accept)
      if (signal?.aborted === true) {
        await status.listener.close()
        status.listener = undefined
        throwIfAborted(signal)
      }
      events.emit('listening', { address: status.listener?.address ?? '', port: status.listener?.port ?? 0 })
    }
    status.phase = 'running'
    status.dials = true
    statics.start()
  }

  const stopDialing = (): void => {
    status.dials = false
    statics.stop()
    dialer.stop()
  }

  const stop = async (): Promise<void> => {
    if (status.phase === 'idle') return
    status.phase = 'stopping'
    stopDialing()
    const closed = status.listener?.close()
    status.listener = undefined
    const peers = table.peers().length
    const sessions = table.all()
    for (const session of sessions) session.disconnect('client-quitting')
    let cancel = (): void => undefined
    const timeout = new Promise<void>(resolve => {
      cancel = scheduler.after(options.stopTimeoutMs, resolve)
    })
    await Promise.race([
      Promise.all([closed, ...table.finishing(), ...sessions.map(({ finished }) => finished)]),
      timeout
    ])
    cancel()
    status.phase = 'idle'
    events.emit('stopped', { peers })
  }

  const lifecycle = createLifecycle(start, stop)
  return {
    start: async (given = {}) => {
      check.options('options', given, ['signal'])
      check.signal('signal', given.signal)
      await lifecycle.start(given)
    },
    stopDialing,
    stop: lifecycle.stop
  }
}
