/** LevelDB passes on the C library's sentence, Node the name of the number, browsers an error's name. */
const fullDisk = /no space left on device|disk quota exceeded|not enough space|\bENOSPC\b|\bEDQUOT\b|QuotaExceeded/i

/** An error and those that led to it. A chain that is deeper, or that leads to itself, is cut. */
function* chainOf(error: unknown): Generator<object> {
  let next = error
  for (let depth = 0; depth < 5 && typeof next === 'object' && next !== null; depth += 1) {
    yield next
    next = 'cause' in next ? next.cause : undefined
  }
}

const field = (error: object, name: 'code' | 'name' | 'message'): string =>
  String((error as Readonly<Record<string, unknown>>)[name] ?? '')

/**
 * Whether an error of a database or of the platform says that the disk is full, in itself or in what led to it.
 *
 * @example
 * ```ts
 * database.open().catch(error => {
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
