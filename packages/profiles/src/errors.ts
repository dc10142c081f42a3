import { isStackError, StackError, type StackErrorOptions } from '@status-stack/interface'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type ProfileErrorCode =
  /** Not a name of a profile. */
  | 'profile-name'
  | 'no-profile'
  | 'profile-exists'
  /** A database without the account that opens it. */
  | 'stray-database'
  /** A file of the profile is damaged, or made by a newer version. */
  | 'damaged'
  | 'wrong-password'
  /** The identity was not made from a recovery phrase. */
  | 'no-phrase'
  /** Not a recovery phrase. */
  | 'phrase'
  /** Not a backup. */
  | 'not-an-export'
  | 'node-key'
  /** Another process has the profile open; `details.command`, `pid` and `socket` say which, as far as it is known. */
  | 'profile-locked'
  /** Other users can enter the folder, and it cannot be closed to them. */
  | 'profile-open'
  /** The database cannot be opened. */
  | 'database'
  /** The files may not be written, which opening the database does. */
  | 'read-only'
  /** The keyring of the system; `details.library` is `missing` where its library is. */
  | 'no-keyring'
  | 'disk-full'
  | 'not-written'
  /** A file that is not there, or that may not be read. */
  | 'unreadable'
  /** A device, a FIFO, a folder or a socket. */
  | 'not-a-file'
  | 'too-long'
  | 'not-text'

/**
 * The one error class of this package. Names files and profiles, and never holds a secret.
 *
 * @example
 * ```ts
 * const isFull = (error: unknown): boolean => ProfileError.is(error) && error.code === 'disk-full'
 * ```
 */
export class ProfileError extends StackError<ProfileErrorCode> {
  override readonly name = 'ProfileError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is ProfileError {
    return isStackError(value, 'ProfileError')
  }
}

const ofCaller: ReadonlySet<ProfileErrorCode> = new Set(['profile-name', 'phrase', 'wrong-password', 'not-an-export'])

/** An error by its code: who is at fault follows from it. */
export const profileError = (
  code: ProfileErrorCode,
  message: string,
  details: StackErrorOptions['details'] = {}
): ProfileError => new ProfileError(code, message, { origin: ofCaller.has(code) ? 'caller' : 'environment', details })

/** A file that holds something else than it should. */
export const damaged = (path: string): ProfileError =>
  profileError('damaged', `${path} is damaged, or made by a newer version`)

/** The disk is full, said of a file or folder. */
export const diskFull = (path: string): ProfileError => profileError('disk-full', `${path}: the disk is full`)
