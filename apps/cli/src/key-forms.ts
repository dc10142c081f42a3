import { keyHex, linkOf, readLink } from '@status-stack/account-rpc/targets'
import {
  bytesToHex,
  compressPublicKey,
  generatePrivateKey,
  hexToBytes,
  keccak256,
  publicKeyOf
} from '@status-stack/crypto'
import { type Profile, readAccount } from '@status-stack/profiles/folder'
import { encodeKeyText, formatContactLink } from '@status-stack/status-accounts'
import { CliError } from './errors.ts'
import { readTextFile } from './files.ts'
import type { Globals } from './globals.ts'
import { limits } from './limits.ts'

export { parseKey } from '@status-stack/account-rpc/targets'

/** Every form in which a public key is written. */
export function keyForms(publicKey: Uint8Array) {
  return {
    text: encodeKeyText(publicKey),
    uncompressed: keyHex(publicKey),
    compressed: `0x${bytesToHex(compressPublicKey(publicKey))}`,
    nodeId: bytesToHex(keccak256(publicKey.slice(1)))
  }
}

/** The text form of a public key in hex. */
export const textOfKey = (hex: string): string => encodeKeyText(hexToBytes(hex))

/** The public key of a profile. */
export const ownKey = async (profile: Profile): Promise<Uint8Array> =>
  hexToBytes((await readAccount(profile)).publicKey)

/** A private key as 64 hex digits, and its public key. */
export function newPrivateKey(): { readonly hex: string; readonly uncompressed: string; readonly text: string } {
  const privateKey = generatePrivateKey()
  const hex = bytesToHex(privateKey)
  const publicKey = publicKeyOf(privateKey)
  privateKey.fill(0)
  return { hex, uncompressed: keyHex(publicKey), text: encodeKeyText(publicKey) }
}

/** The public key of a private key in a file. @throws CliError `private-key-file` */
export async function publicKeyOfFile(path: string): Promise<{ readonly uncompressed: string; readonly text: string }> {
  const text = await readTextFile(path, {
    what: 'the private key file',
    maxBytes: limits.secretFileBytes,
    code: 'private-key-file',
    exit: 'failed'
  })
  if (!/^\s*(0x)?[0-9a-fA-F]{64}\s*$/.test(text))
    throw new CliError('failed', 'private-key-file', `the file does not hold 64 hex digits: ${path}`)
  const publicKey = publicKeyOf(hexToBytes(text.trim()))
  return { uncompressed: keyHex(publicKey), text: encodeKeyText(publicKey) }
}

/** The invite link of a person: the key, the peers, the mailserver. */
export async function contactLink(
  publicKey: Uint8Array,
  globals: Pick<Globals, 'peers' | 'mailservers'>
): Promise<string> {
  // Reading addresses loads the transports.
  const { parseMailservers } = await import('./mail/address.ts')
  // Without its password: the recipient of the link must get that in another way.
  const [mailserver] = parseMailservers(globals.mailservers).map(({ enode }) => enode)
  return formatContactLink(linkOf(publicKey, globals.peers, mailserver))
}

/** What a link holds. @throws AccountError `link`, `unsupported-link` */
export function linkContents(text: string) {
  const { publicKey, enodes = [], mailserver } = readLink(text)
  return {
    publicKey: keyHex(publicKey),
    text: encodeKeyText(publicKey),
    enodes,
    ...(mailserver === undefined ? {} : { mailserver })
  }
}
