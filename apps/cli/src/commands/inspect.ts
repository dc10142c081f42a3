import { type BlobKind, createInspector, type Keys } from '@status-stack/inspector'
import { openAccount } from '../account.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Globals } from '../globals.ts'
import { readBlobs } from '../inspect/input.ts'
import { readKeysFile } from '../inspect/keys-file.ts'
import { inspectionView } from '../inspect/print.ts'
import type { Output } from '../output.ts'
import { withPassword } from '../password.ts'
import { profileOf } from '../profile.ts'

export interface InspectOptions {
  readonly hex?: string
  readonly kind: BlobKind
  readonly keys?: string
  readonly chat?: readonly string[]
  readonly profileKeys?: boolean
}

/** Takes blobs apart, layer by layer, with the keys that are there. */
export async function inspect(
  options: InspectOptions,
  globals: Globals,
  output: Output,
  paths: readonly string[]
): Promise<void> {
  const blobs = await readBlobs({ paths, hex: options.hex, stdin: process.stdin })
  const inspector = createInspector({ keys: await keysOf(options, globals), clock: { nowMs: Date.now } })
  for (const [index, blob] of blobs.entries()) {
    const inspection = await inspector.inspect(blob.bytes, options.kind)
    const { event, text } = inspectionView(index + 1, blob, inspection)
    output.data(event, text)
    if (inspection.refusals.length > 0) process.exitCode = exitCodes.failed
  }
}

async function keysOf(options: InspectOptions, globals: Globals): Promise<Keys> {
  const file: Keys = options.keys === undefined ? { identities: [] } : await readKeysFile(options.keys)
  const profile = options.profileKeys === true ? [await profileIdentity(globals)] : []
  return {
    ...file,
    identities: [...file.identities, ...profile],
    chats: [...(file.chats ?? []), ...(options.chat ?? []).map(name => name.replace(/^#/, ''))]
  }
}

async function profileIdentity(globals: Globals): Promise<Keys['identities'][number]> {
  const profile = profileOf(globals)
  const { identity, storage, nodeKey } = await withPassword(globals, password => openAccount(profile, password))
  for (const key of [storage.wrappingKey, storage.derivedKey, nodeKey]) key.fill(0)
  return identity
}
