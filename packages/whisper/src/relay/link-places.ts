import { WhisperError } from '../errors.ts'
import type { PeerLink } from '../ports.ts'
import type { NodeContext } from './context.ts'
import { createDuplicateLinkRule, type RunningLink } from './duplicate-link.ts'

/** Which links run: one for each id, and no more than the node takes. */
export interface LinkPlaces {
  /** Resolves when the id of the link is free; refuses the link when it does not become so. @throws WhisperError `duplicate-peer`, `too-many-peers`, `link-closed` */
  readonly claim: (link: PeerLink) => Promise<void>
  /** In the turn in which `claim` resolves, so that no other link gets between. */
  readonly take: (peerId: string) => RunningLink
  /** The protocol has ended on this link: its id is free. The answer is to be called when that has been told. */
  readonly leave: (peerId: string) => () => void
  /** Ends every link and waits until it is done. */
  readonly stop: () => Promise<void>
}

function stopped(): WhisperError {
  return new WhisperError('link-closed', 'node: stopped', { origin: 'environment' })
}

async function refuse(link: PeerLink, error: WhisperError): Promise<never> {
  await link.close('done')
  throw error
}

export function createLinkPlaces(context: NodeContext): LinkPlaces {
  const { options } = context
  // BOUNDED: maxPeers; ids whose handshake is under way count too.
  const running = new Map<string, RunningLink>()
  // BOUNDED: those of `running`. Called when a link is over.
  const over = new Map<string, () => void>()
  // BOUNDED: one newer link for each id in `running`.
  const replacing = new Set<string>()
  const mayReplace = createDuplicateLinkRule(context)
  let stops = 0

  return {
    claim: async link => {
      const { peerId } = link
      const older = running.get(peerId)
      const before = stops
      let free = older === undefined
      if (older !== undefined && !replacing.has(peerId)) {
        replacing.add(peerId)
        free = await mayReplace(older)
        // In the turn in which the place is taken, so that no other link gets between.
        replacing.delete(peerId)
      }
      if (before !== stops) await refuse(link, stopped())
      if (!free || replacing.has(peerId)) {
        await refuse(link, new WhisperError('duplicate-peer', 'peer: it already has a link', { origin: 'environment' }))
      }
      if (running.size >= options.maxPeers) {
        const details = { most: options.maxPeers }
        await refuse(
          link,
          new WhisperError('too-many-peers', `peers: at most ${details.most}`, { origin: 'environment', details })
        )
      }
    },
    take: peerId => {
      const done = new Promise<void>(resolve => over.set(peerId, resolve))
      const link: RunningLink = { abort: new AbortController(), done, peer: undefined, onPacket: () => undefined }
      running.set(peerId, link)
      return link
    },
    leave: peerId => {
      running.delete(peerId)
      const ended = over.get(peerId) ?? (() => undefined)
      over.delete(peerId)
      return ended
    },
    stop: async () => {
      stops += 1
      const all = [...running.values()]
      for (const { abort } of all) abort.abort(stopped())
      await Promise.all(all.map(({ done }) => done))
    }
  }
}
