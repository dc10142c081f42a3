import { CliError } from './errors.ts'

/** Where the operating system keeps secrets of the person who is logged in. */
export interface Keyring {
  /** `undefined` where there is none of that name. */
  readonly get: (name: string) => Promise<string | undefined>
  readonly set: (name: string, secret: string) => Promise<void>
  /** Answers whether there was one. */
  readonly remove: (name: string) => Promise<boolean>
}

/** What is used of `@napi-rs/keyring`. */
interface KeyringModule {
  readonly AsyncEntry: new (
    service: string,
    name: string
  ) => {
    readonly getPassword: () => Promise<string | undefined | null>
    readonly setPassword: (secret: string) => Promise<unknown>
    readonly deletePassword: () => Promise<unknown>
  }
}

const service = 'status-stack'

/**
 * The keyring of the system. Its library is an optional peer: the program installs without it.
 * @throws CliError `no-keyring` where the library or a keyring is missing
 */
export async function systemKeyring(
  load: () => Promise<KeyringModule> = () => import('@napi-rs/keyring')
): Promise<Keyring> {
  const library = await load().catch(() => {
    throw new CliError(
      'usage',
      'no-keyring',
      'the keyring needs the package @napi-rs/keyring, which is not installed',
      'install it beside status-stack: npm install --global @napi-rs/keyring; or leave out --keyring'
    )
  })
  const use = async <T>(name: string, work: (entry: InstanceType<KeyringModule['AsyncEntry']>) => Promise<T>) => {
    try {
      return await work(new library.AsyncEntry(service, name))
    } catch {
      // What the library says may repeat what it was given.
      throw new CliError(
        'failed',
        'no-keyring',
        'the keyring of this system does not answer',
        'it comes with a desktop session (GNOME Keyring, KWallet, Keychain, Credential Manager); leave out --keyring without one'
      )
    }
  }
  return {
    get: name => use(name, async entry => (await entry.getPassword()) ?? undefined),
    set: (name, secret) => use(name, async entry => void (await entry.setPassword(secret))),
    remove: name =>
      use(name, async entry => {
        if (((await entry.getPassword()) ?? undefined) === undefined) return false
        await entry.deletePassword()
        return true
      })
  }
}
