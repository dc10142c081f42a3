import {
  bytesToHex,
  compressPublicKey,
  generatePrivateKey,
  hexToBytes,
  keccak256,
  publicKeyOf
} from '@status-stack/crypto'
import { encodeKeyText, formatContactLink } from '@status-stack/status-accounts'
import { readPublicAccount } from '../account.ts'
import { CliError } from '../errors.ts'
import { readTextFile } from '../files.ts'
import type { Globals } from '../globals.ts'
import { limits } from '../limits.ts'
import { parseMailservers } from '../mail/address.ts'
import type { Output } from '../output.ts'
import { writeNewFile } from '../private-files.ts'
import { profileOf } from '../profile.ts'
import { parseKey, readLink } from '../target.ts'
import { hexKey } from '../view.ts'

/** `keys show`: every form in which a public key is written. */
export async function showKey(_: object, globals: Globals, output: Output, [text]: readonly string[]): Promise<void> {
  const publicKey = text === undefined ? (await readPublicAccount(profileOf(globals))).publicKey : parseKey(text)
  const forms = {
    text: encodeKeyText(publicKey),
    uncompressed: hexKey(publicKey),
    compressed: `0x${bytesToHex(compressPublicKey(publicKey))}`,
    nodeId: bytesToHex(keccak256(publicKey.slice(1)))
  }
  output.data(
    { event: 'key', ...forms },
    `text          ${forms.text}\nuncompressed  ${forms.uncompressed}\ncompressed    ${forms.compressed}\nnode id       ${forms.nodeId}`
  )
}

export interface GenerateOptions {
  readonly out: string
}

/** `keys generate`: a private key, to a file and nowhere else. */
export async function generateKey(options: GenerateOptions, _: Globals, output: Output): Promise<void> {
  const privateKey = generatePrivateKey()
  await writeNewFile(options.out, `${bytesToHex(privateKey)}\n`)
  const publicKey = publicKeyOf(privateKey)
  privateKey.fill(0)
  output.data(
    { event: 'key', file: options.out, uncompressed: hexKey(publicKey), text: encodeKeyText(publicKey) },
    encodeKeyText(publicKey)
  )
  output.hint(`· the private key is in ${options.out}: anyone who reads it has the identity`)
}

/** `keys public`: the public key of a private key in a file. */
export async function publicKeyOfFile(
  _: object,
  _globals: Globals,
  output: Output,
  [path = '']: readonly string[]
): Promise<void> {
  const text = await readTextFile(path, {
    what: 'the private key file',
    maxBytes: limits.secretFileBytes,
    code: 'private-key-file',
    exit: 'failed'
  })
  if (!/^\s*(0x)?[0-9a-fA-F]{64}\s*$/.test(text))
    throw new CliError('failed', 'private-key-file', `the file does not hold 64 hex digits: ${path}`)
  const publicKey = publicKeyOf(hexToBytes(text.trim()))
  output.data(
    { event: 'key', uncompressed: hexKey(publicKey), text: encodeKeyText(publicKey) },
    encodeKeyText(publicKey)
  )
}

/** `keys link`: the invite link of this profile: its key, the peers it uses, its mailserver. */
export async function contactLink(_: object, globals: Globals, output: Output): Promise<void> {
  const { publicKey } = await readPublicAccount(profileOf(globals))
  // Without its password: the recipient of the link must get that in another way.
  const [mailserver] = parseMailservers(globals.mailservers).map(({ enode }) => enode)
  const link = formatContactLink({
    publicKey,
    enodes: globals.peers,
    ...(mailserver === undefined ? {} : { mailserver })
  })
  output.data({ event: 'link', link }, link)
}

/** `keys open`: what a link holds. */
export async function openLink(
  _: object,
  _globals: Globals,
  output: Output,
  [text = '']: readonly string[]
): Promise<void> {
  const { publicKey, enodes = [], mailserver } = readLink(text, 'failed')
  output.data(
    {
      event: 'contact-link',
      publicKey: hexKey(publicKey),
      text: encodeKeyText(publicKey),
      enodes,
      ...(mailserver === undefined ? {} : { mailserver })
    },
    [
      encodeKeyText(publicKey),
      ...enodes.map(enode => `  peer ${enode}`),
      ...(mailserver === undefined ? [] : [`  mailserver ${mailserver}`])
    ].join('\n')
  )
}
