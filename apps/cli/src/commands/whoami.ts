import { readPublicAccount } from '../account.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { profileOf } from '../profile.ts'
import { hexKey } from '../view.ts'

export async function whoami(_: object, globals: Globals, output: Output): Promise<void> {
  const profile = profileOf(globals)
  const account = await readPublicAccount(profile)
  output.data(
    {
      event: 'identity',
      profile: profile.name,
      publicKey: hexKey(account.publicKey),
      text: account.text,
      folder: profile.folder
    },
    account.text
  )
}
