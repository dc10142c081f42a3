/** One installation's signed prekey in a bundle. */
export interface SignedPrekey {
  /** The device's name for itself, a UUID in practice; never `none`, which stands for all of them. */
  readonly installationId: string
  /** 33 bytes. */
  readonly publicKey: Uint8Array
  /** Counts the prekeys of the device, uint32; a higher one replaces it. */
  readonly version: number
  /** Not covered by the bundle's signature. */
  readonly protocolVersion: number
}

/** The prekeys of an identity. SPEC: 5/SECURE-TRANSPORT, "Bundles". */
export interface Bundle {
  /** 33 bytes. */
  readonly identity: Uint8Array
  /** One for each device, in byte order of their installation ids. */
  readonly signedPrekeys: readonly SignedPrekey[]
  /** 65 bytes r‖s‖v. */
  readonly signature: Uint8Array
  /** Unix nanoseconds; 0 in legacy bundles. */
  readonly timestamp: bigint
}

/** Sender ephemeral key and the prekey it was used against, 33 bytes each. */
export interface X3dhHeader {
  /** The sender's ephemeral key. */
  readonly key: Uint8Array
  /** The recipient's prekey. */
  readonly id: Uint8Array
}

/** Ratchet key, message number, length of the previous chain, and the prekey that names the session. */
export interface RatchetHeader {
  /** 33 bytes. */
  readonly key: Uint8Array
  /** From 0; uint32. */
  readonly n: number
  /** Uint32. */
  readonly pn: number
  /** 33 bytes. */
  readonly id: Uint8Array
}

/** What one device gets: a ratchet message, or a static-key one. */
export interface DirectEntry {
  /** The device that it is for; `none` for a static-key message, which any device of the identity opens. */
  readonly installationId: string
  /** Present until the other side has answered. */
  readonly x3dh?: X3dhHeader
  /** Present in messages of a session. */
  readonly ratchet?: RatchetHeader
  /** Sender ephemeral key of a static-key message, 33 bytes. */
  readonly dhKey?: Uint8Array
  /** Ciphertext of the ratchet, or of the static key. */
  readonly payload: Uint8Array
}

/** What the security layer puts on the wire: bundles, and an entry for each device. */
export interface ProtocolMessage {
  /** Sending device. */
  readonly installationId: string
  /** Bundles of the sender, one in practice, so that whoever reads it can begin a session. */
  readonly bundles: readonly Bundle[]
  /** One for each device that gets the message; empty in a public message. */
  readonly entries: readonly DirectEntry[]
  /** Bytes that are not encrypted here; empty in a direct message. */
  readonly publicMessage: Uint8Array
}

/** A bundle with the private half of our own prekey, as status-go stores it. */
export interface BundleContainer {
  /** What is published. */
  readonly bundle: Bundle
  /** 32 bytes, secret. */
  readonly privateSignedPrekey: Uint8Array
}
