import { readAccountJson } from '../account-file.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { profileOf } from '../profile.ts'

export async function whoami(_: object, globals: Globals, output: Output): Promise<void> {
  const profile = profileOf(globals)
  const { publicKey, text: stored } = await readAccountJson(profile)
  const text = stored ?? (await (await import('../account.ts')).readPublicAccount(profile)).text
  output.data(
    {
      event: 'identity',
      profile: profile.name,
      publicKey,
      text,
      folder: profile.folder
    },
    text
  )
  output.hint(`· profile ${profile.name} in ${profile.folder}`)
}
