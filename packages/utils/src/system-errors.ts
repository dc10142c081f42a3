/** LevelDB passes on the C library's sentence, Node the name of the number, browsers an error's name. */
const fullDisk = /no space left on device|disk quota exceeded|not enough space|\bENOSPC\b|\bEDQUOT\b|QuotaExceeded/i

/** An error and those that led to it. A chain that is deeper, or that leads to itself, is cut. */
function* chainOf(error: unknown): Generator<object> {
  let next = error
  for (let depth = 0; depth < 5 && typeof next === 'object' && next !== null; depth++) {
    yield next
    next = 'cause' in next ? next.cause : undefined
  }
}

const field = (error: object, name: 'code' | 'name' | 'message'): string =>
  String((error as Readonly<Record<string, unknown>>)[name] ?? '')

/**
 * Whether an error of a database, of the platform or of a layer says that the disk is full, in itself or in what led to it.
 *
 * @example
 * ```ts
 * await database.open().catch(error => {
 *   if (isDiskFull(error)) tellUser('the disk is full')
 * })
 * ```
 */
export function isDiskFull(error: unknown): boolean {
  for (const each of chainOf(error)) {
    if (field(each, 'code') === 'disk-full') return true
    if ((['code', 'name', 'message'] as const).some(name => fullDisk.test(field(each, name)))) return true
  }
  return false
}

/**
 * The code of the error that everything began with, for what hides the platform's error behind its own: `undefined` when that has
 * none.
 *
 * @example
 * ```ts
 * if (rootCodeOf(error) === 'LEVEL_LOCKED') tellUser('another process has the database open')
 * ```
 */
export function rootCodeOf(error: unknown): string | undefined {
  const last = [...chainOf(error)].at(-1)
  const code = last === undefined ? undefined : Reflect.get(last, 'code')
  return typeof code === 'string' ? code : undefined
}

/** What the operating system refused, in words. */
const refusals: Readonly<Record<string, string>> = {
  EACCES: 'permission was denied',
  EPERM: 'that is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EFBIG: 'the file would be too large',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'that is a folder',
  EEXIST: 'it already exists',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
  EADDRINUSE: 'another process is already listening there',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'there is no host of that name'
}

/**
 * What the operating system refused, in words; `undefined` for a code that has none here.
 *
 * @example
 * ```ts
 * systemWords('ECONNREFUSED')
 * ```
 */
export const systemWords = (code: string): string | undefined =>
  Object.hasOwn(refusals, code) ? refusals[code] : undefined
