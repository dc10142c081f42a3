import { generatePrivateKey } from '@status-stack/crypto'
import { unlockKeystore } from '@status-stack/status-accounts'
import { damaged } from './errors.ts'
import { type Profile, readJson, writeNewJson } from './folder/profile.ts'
import { type KdfOptions, opened, sealKey } from './keystore.ts'

export { ProfileError, type ProfileErrorCode } from './errors.ts'
export type { Profile } from './folder/profile.ts'
export type { KdfOptions } from './keystore.ts'

/** Of `node.json`. */
const fileVersion = 1

/**
 * Makes the key of a node without an account, and stores it in the profile, encrypted. A key that is there already, or that another process
 * stores meanwhile, stays: that one is answered.
 *
 * @returns 32 bytes
 * @throws ProfileError `wrong-password`, `damaged` for a key that is there
 * @example
 * ```ts
 * const privateKey = await createNodeKey(profile, password)
 * ```
 */
export async function createNodeKey(profile: Profile, password: string, options: KdfOptions = {}): Promise<Uint8Array> {
  const privateKey = generatePrivateKey()
  const { keystore, wrappingKey } = await sealKey(privateKey, password, options)
  wrappingKey.fill(0)
  if (await writeNewJson(profile, profile.nodeFile, { version: fileVersion, keystore })) return privateKey
  privateKey.fill(0)
  return openNodeKey(profile, password)
}

/**
 * The key that {@link createNodeKey} has stored.
 *
 * @throws ProfileError `no-profile`, `wrong-password`, `damaged`
 * @example
 * ```ts
 * const privateKey = await openNodeKey(profile, password)
 * ```
 */
export async function openNodeKey(profile: Profile, password: string): Promise<Uint8Array> {
  const json = await readJson(profile.nodeFile)
  if (typeof json !== 'object' || json === null || !('version' in json) || json.version !== fileVersion)
    throw damaged(profile.nodeFile)
  const keystore = 'keystore' in json ? json.keystore : undefined
  const { privateKey, wrappingKey } = await opened(profile.nodeFile, () =>
    unlockKeystore(JSON.stringify(keystore ?? null), password)
  )
  wrappingKey.fill(0)
  return privateKey
}
