import { collect, modules } from '@status-stack/command-line'
import type { BlobKind, Keys, KnownIdentity } from '@status-stack/inspector'
import { blobKinds } from '@status-stack/inspector/kinds'
import { type Context, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { flag } from '../flags.ts'
import type { Globals } from '../globals.ts'
import { profileOf } from '../profile.ts'

interface InspectOptions {
  readonly hex?: string
  readonly kind: BlobKind
  readonly keys?: string
  readonly chat?: readonly string[]
  readonly profileKeys?: boolean
}

/** Takes blobs apart, layer by layer, with the keys that are there. */
export const inspect = defineCommand({
  name: 'inspect',
  summary: 'take recorded bytes apart, layer by layer, with the keys at hand',
  positions: [['[files...]', 'lines of hex or one binary blob each, - for stdin; several are one capture, in order']],
  flags: [
    flag('--hex <digits>', 'the bytes themselves'),
    flag('--kind <kind>', 'what each blob is', { choices: blobKinds, fallback: 'auto' }),
    flag('--keys <file>', 'JSON with private keys: identities, prekeys, generated, symmetric, and chats'),
    flag('--chat <name>', 'a public chat to read; may be repeated', { parse: collect }),
    flag('--profile-keys', 'with the identity key of the profile too')
  ],
  examples: [
    ['an acknowledgement', 'inspect --hex cab80220deadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef'],
    ['a capture, with keys', 'inspect capture.hex --keys keys.json --chat status'],
    ['what you were sent', 'inspect capture.hex --profile-keys'],
    ['from a pipe', 'inspect < capture.hex']
  ],
  load: () => modules(import('@status-stack/inspector'), import('../inspect/input.ts'), import('../inspect/print.ts')),
  run: async ({ options, globals, output, args: paths }: Context<InspectOptions>, kit) => {
    const blobs = await kit.readBlobs({ paths, hex: options.hex, stdin: process.stdin })
    const inspector = kit.createInspector({ keys: await keysOf(options, globals), clock: { nowMs: Date.now } })
    for (const [index, blob] of blobs.entries()) {
      const inspection = await inspector.inspect(blob.bytes, options.kind)
      const { event, text } = kit.inspectionView(index + 1, blob, inspection)
      output.data(event, text)
      if (inspection.refusals.length > 0) process.exitCode = exitCodes.failed
    }
  }
})

async function keysOf(options: InspectOptions, globals: Globals): Promise<Keys> {
  const { readKeysFile } = await import('../inspect/keys-file.ts')
  const file: Keys = options.keys === undefined ? {} : await readKeysFile(options.keys)
  const profile = options.profileKeys === true ? [await profileIdentity(globals)] : []
  return {
    ...file,
    identities: [...(file.identities ?? []), ...profile],
    chats: [...(file.chats ?? []), ...(options.chat ?? []).map(name => name.replace(/^#/, ''))]
  }
}

async function profileIdentity(globals: Globals): Promise<KnownIdentity> {
  const profile = profileOf(globals)
  const { openWithSettings } = await import('../open-profile.ts')
  const { identity, storage, nodeKey } = await openWithSettings(profile, globals)
  for (const key of [storage.wrappingKey, storage.derivedKey, nodeKey]) key.fill(0)
  return identity
}
