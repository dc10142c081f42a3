import { profileError } from './errors.ts'

/** Where the operating system keeps secrets of the person who is logged in. */
export interface Keyring {
  /** `undefined` where there is none of that name. */
  readonly get: (name: string) => Promise<string | undefined>
  /** Keeps a secret under a name, in the place of the one that is there. */
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
 * The keyring of the system. Its library is an optional peer: everything else works without it.
 *
 * @throws ProfileError `no-keyring` where the library or a keyring is missing
 * @example
 * ```ts
 * const { identity } = await openProfile(profile, { withPassword: open => open(password), keyring: systemKeyring })
 * ```
 */
export async function systemKeyring(
  load: () => Promise<KeyringModule> = () => import('@napi-rs/keyring')
): Promise<Keyring> {
  const library = await load().catch(() => {
    throw profileError('no-keyring', 'the keyring needs the package @napi-rs/keyring, which is not installed', {
      library: 'missing'
    })
  })
  const use = async <T>(name: string, work: (entry: InstanceType<KeyringModule['AsyncEntry']>) => Promise<T>) => {
    try {
      return await work(new library.AsyncEntry(service, name))
    } catch {
      // What the library says may repeat what it was given.
      throw profileError('no-keyring', 'the keyring of this system does not answer')
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
