/** Files that only their owner reads, written whole, and files that a person names, read within a bound. */
export { ProfileError, type ProfileErrorCode } from './errors.ts'
export { closeFolder, eraseFile, keepFilesPrivate, makeFolder, replaceFile, writeNewFile } from './files/private.ts'
export { readRegularFile, readTextFile } from './files/read.ts'
