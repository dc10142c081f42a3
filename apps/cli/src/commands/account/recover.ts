import { assertNoProfile } from '@status-stack/profiles/folder'
import { type Context, defineCommand } from '../../command.ts'
import { CliError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { ask, canAsk } from '../../password.ts'
import { profileOf } from '../../profile.ts'

interface RecoverOptions {
  /** File with the recovery phrase; asked for without. */
  readonly phraseFile?: string
  readonly lightKdf?: boolean
}

/** The identity of a phrase, on a new device. */
export const recover = defineCommand({
  name: 'recover',
  summary: 'make a profile from a recovery phrase; this becomes a new device',
  flags: [
    flag('--phrase-file <file>', 'file with the words; asked for without'),
    flag('--light-kdf', 'encrypt with less work: for tests and weak machines')
  ],
  examples: [
    ['on a new machine', 'account recover'],
    ['from a file', 'account recover --phrase-file words.txt --profile old']
  ],
  load: () => import('../../new-profile.ts'),
  run: async (
    { options, globals, output }: Context<RecoverOptions>,
    { secretsOfPhrase, readSecretText, makeProfile }
  ) => {
    const { phraseFile } = options
    // Before the words are asked for.
    assertNoProfile(profileOf(globals))
    const phrase =
      phraseFile === undefined ? await askPhrase() : await readSecretText(phraseFile, 'recovery phrase file')
    await makeProfile(await secretsOfPhrase(phrase), options, globals, output)
  }
})

async function askPhrase(): Promise<string> {
  if (canAsk()) return ask('Recovery phrase')
  throw new CliError(
    'usage',
    'no-phrase',
    'the recovery phrase is needed and there is no terminal to ask on',
    'use --phrase-file FILE'
  )
}
