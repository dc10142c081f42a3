import { bytesToHex } from '@status-stack/crypto'
import { type VectorCase, vectorBytes } from '@status-stack/vectors'
import { createSealer, type Effect, memorySessionStore, type Sealer } from '../../src/index.ts'
import { createBundle, decodeProtocolMessage, encodeProtocolMessage } from '../../src/primitives.ts'
import { fakeClock, identityOf, seededRandom } from './sealers.ts'

/** A recorded device with the keys it drew, ready to draw them again. */
export interface RecordedDevice {
  readonly name: string
  readonly installationId: string
  readonly publicKey: Uint8Array
  readonly prekey?: Uint8Array
  readonly sealer: Sealer
  /** The next keys and nonces this device draws; when it is empty, draws are arbitrary. */
  readonly draws: Uint8Array[]
  /** Lets this device learn the bundle of another one. */
  readonly learn: (other: RecordedDevice) => Promise<readonly Effect[]>
  readonly bundle: (timestamp: bigint) => ReturnType<typeof createBundle>
}

/** After every recorded bundle timestamp. */
const recordedClock = () => fakeClock(1_800_000_000_000)

export async function recordedDevice(device: VectorCase): Promise<RecordedDevice> {
  const identity = identityOf(vectorBytes(device['identityPrivateKey']))
  const fallback = seededRandom(`${device.name} ${device['installationId']}`)
  const draws: Uint8Array[] = []
  const random = { bytes: (length: number) => draws.shift() ?? fallback.bytes(length) }
  const [first] = device['signedPreKeys'] ?? []
  const privatePrekey = device['privateSignedPreKey'] ?? first?.privateKey
  if (privatePrekey) draws.push(vectorBytes(privatePrekey))
  const installationId: string = device['installationId']
  const deps = { identity, store: memorySessionStore(), clock: recordedClock(), random }
  const sealer = await createSealer(deps, { installationId })
  const prekey: string | undefined = device['signedPreKey'] ?? first?.publicKey
  const self: RecordedDevice = {
    name: device.name,
    installationId,
    publicKey: identity.publicKey,
    sealer,
    draws,
    ...(prekey === undefined ? {} : { prekey: vectorBytes(prekey) }),
    bundle: timestamp =>
      createBundle(
        identity,
        [{ installationId, publicKey: vectorBytes(prekey!), version: 1, protocolVersion: 1 }],
        timestamp
      ),
    learn: async other => {
      const bundles = [other.bundle(10n ** 18n)]
      const empty = { entries: [], publicMessage: new Uint8Array(0) }
      const bytes = encodeProtocolMessage({ installationId: other.installationId, bundles, ...empty })
      return (await sealer.open(bytes, { sender: other.publicKey })).effects
    }
  }
  return self
}

/** Private keys of recorded pairs by compressed public key. */
export function keyPool(pairs: readonly { publicKey: string; privateKey: string }[] | null): Map<string, Uint8Array> {
  return new Map((pairs ?? []).map(pair => [pair.publicKey.replace(/^0x/, ''), vectorBytes(pair.privateKey)]))
}

export function drawFor(pool: Map<string, Uint8Array>, publicKey: Uint8Array | undefined): Uint8Array | undefined {
  return publicKey === undefined ? undefined : pool.get(bytesToHex(publicKey))
}

export { decodeProtocolMessage }
