import type { Capability, Host } from '@status-stack/devp2p-transport'
import type { PeerLink } from '@status-stack/interface'
import type { Whisper } from '@status-stack/whisper'

/** A privacy protocol that a relay runs: what carriers announce of it, and where the links of its peers go. */
export interface RelayProtocol {
  /** Name, version and number of packet codes, for Hello. */
  readonly capability: Omit<Capability, 'run'>
  /** Settles when the link has ended; rejects when the peer broke the protocol. */
  readonly attach: (link: PeerLink) => Promise<void>
  /** Before peers can connect. */
  readonly start: () => Promise<void>
  /** After the last link has ended. */
  readonly stop: () => Promise<void>
}

/** Another way for peers to connect. */
export interface RelayCarrier {
  /**
   * Once the host listens. Byte streams go to `host.accept`, where they count as connections of the host do; links of another kind go to
   * the protocols that their peers speak.
   */
  readonly start: (protocols: readonly RelayProtocol[], host: Host) => Promise<void>
  /** Ends its links and waits for that. */
  readonly stop: () => Promise<void>
}

/** A node of Whisper or of Waku as a protocol of a relay. */
export const nodeProtocol = ({ capability, attach, start, stop }: Whisper): RelayProtocol => ({
  capability,
  attach,
  start,
  stop
})

/** What the host runs for its peers. */
export const capabilitiesOf = (protocols: readonly RelayProtocol[]): readonly Capability[] =>
  protocols.map(protocol => ({ ...protocol.capability, run: link => protocol.attach(link) }))
