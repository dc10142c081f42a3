import { generatePrivateKey } from '@status-stack/crypto'
import { createHost, type Host, type HostDeps, type HostOptions } from '@status-stack/devp2p-transport'
import { capability, createWhisper, type Whisper, type WhisperOptions } from '@status-stack/whisper'

/** A node in the test's own process: somebody else's, with whatever habits the test gives it. */
export interface OtherNode {
  readonly host: Host
  readonly whisper: Whisper
  readonly stop: () => Promise<void>
}

export async function startOther(
  options: {
    readonly host?: HostOptions
    readonly whisper?: WhisperOptions
    readonly clockOffsetMs?: number
    readonly deps?: Partial<HostDeps>
  } = {}
): Promise<OtherNode> {
  const { clockOffsetMs = 0 } = options
  const whisper = createWhisper({ clock: { nowMs: () => Date.now() + clockOffsetMs } }, options.whisper)
  const host = createHost(
    {
      privateKey: generatePrivateKey(),
      capabilities: [{ ...capability, run: link => whisper.attach(link) }],
      ...options.deps
    },
    options.host
  )
  await whisper.start()
  await host.start()
  return {
    host,
    whisper,
    stop: async () => {
      await host.stop()
      await whisper.stop()
    }
  }
}

export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { patienceMs = 280_000, everyMs = 50 } = {}
): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`)
    await new Promise(resolve => setTimeout(resolve, everyMs))
  }
}
