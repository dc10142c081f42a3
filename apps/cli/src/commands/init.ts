import { type Context, defineCommand } from '../command.ts'
import { flag } from '../flags.ts'

interface InitOptions {
  /** File with a private key of 64 hex digits, to take an identity over. */
  readonly privateKeyFile?: string
  /** Less work to derive the key: for tests and weak machines. */
  readonly lightKdf?: boolean
}

/** A new identity from a new recovery phrase, or from a private key. */
export const init = defineCommand({
  name: 'init',
  summary: 'make a new identity, encrypted under a password',
  flags: [
    flag('--private-key-file <file>', 'take over the private key in this file (64 hex digits)'),
    flag('--light-kdf', 'encrypt with less work: for tests and weak machines')
  ],
  examples: [
    ['make an identity', 'init'],
    ['a second one', 'init --profile work'],
    ['without a terminal', 'init --password-file password.txt'],
    ['from a key you have', 'init --private-key-file key.hex']
  ],
  load: () => import('../new-profile.ts'),
  run: async ({ options, globals, output }: Context<InitOptions>, { newSecrets, readPrivateKey, makeProfile }) => {
    const { privateKeyFile } = options
    const secrets =
      privateKeyFile === undefined ? await newSecrets() : { privateKey: await readPrivateKey(privateKeyFile) }
    await makeProfile(secrets, options, globals, output)
  }
})
