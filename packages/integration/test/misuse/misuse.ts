import type { StackError } from '@status-stack/interface'

/** What programs without types pass by mistake. */
const nonsense: readonly unknown[] = [
  null,
  7,
  -1,
  Number.NaN,
  'deadbeef',
  [],
  {},
  new Uint8Array(3),
  () => undefined,
  true
]

type Path = readonly (string | number)[]

/** A public function, arguments that fit it, and what it refuses with. */
export interface Entrance {
  /** Fresh arguments that fit, nested ones included. */
  readonly args: () => readonly unknown[]
  readonly call: (...args: never[]) => unknown
  /** Names of the error classes that it may refuse with. */
  readonly errors: readonly string[]
  /** Ends what a call made. */
  readonly end?: (made: never) => unknown
  /** Places where some nonsense fits, and which: by the path of names. */
  readonly fits?: (path: string, value: unknown) => boolean
  /** Names of objects that may have other members: collaborators, ports and keys, which belong to others. */
  readonly open?: readonly string[]
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** Every place in a value, itself included, down to what is no plain object or array. */
function* placesIn(value: unknown, path: Path = []): Generator<Path> {
  yield path
  const members = isPlain(value) ? Object.entries(value) : Array.isArray(value) ? [...value.entries()] : []
  for (const [name, member] of members) yield* placesIn(member, [...path, name])
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce((found, name) => (found as Readonly<Record<string | number, unknown>>)[name], value)

function replaced(value: unknown, [head, ...rest]: Path, by: unknown): unknown {
  if (head === undefined) return by
  if (Array.isArray(value)) return value.map((member, index) => (index === head ? replaced(member, rest, by) : member))
  const object = value as Readonly<Record<string | number, unknown>>
  return { ...object, [head]: replaced(object[head], rest, by) }
}

/** Another text or function fits where one stood, and so may a small number; an empty object or list is one of the same kind. */
function isAlike(value: unknown, model: unknown): boolean {
  if (Array.isArray(model)) return Array.isArray(value)
  if (typeof model === 'object') return isPlain(value)
  if (typeof model === 'number') return value === 7
  return typeof value === typeof model
}

/** What a call came to: the error of a refusal, or in words what it did instead. */
async function outcomeOf({ call, end, errors }: Entrance, args: readonly unknown[]): Promise<StackError | string> {
  try {
    const made = await call(...(args as never[]))
    await end?.(made as never)
    return 'accepted'
  } catch (error) {
    const { name, code, origin } = error as StackError
    if (!errors.includes(name)) return `threw ${String(error)}`
    return origin === 'caller' ? (error as StackError) : `blamed the ${origin}: ${code}`
  }
}

const shown = (value: unknown): string =>
  typeof value === 'function'
    ? 'a function'
    : value instanceof Uint8Array
      ? `${value.length} bytes`
      : JSON.stringify(value)

/** The name by which a refusal has to call the argument: the nearest one that is no position in a list, and no peer id. */
const nameOf = (path: Path): string | undefined =>
  path.slice(1).findLast(part => typeof part === 'string' && !/^[0-9a-f]{64}$/.test(part)) as string | undefined

/**
 * Makes each place of the arguments wrong in its turn, and misspells a name in each object of options; answers in words the calls that were
 * not refused by a typed error, as the caller's fault, under the name of the argument.
 */
export async function misuses(entrance: Entrance): Promise<readonly string[]> {
  const odd: string[] = []
  const model = entrance.args()
  const fitting = await outcomeOf(entrance, entrance.args())
  if (fitting !== 'accepted') return [`fitting arguments: ${String(fitting)}`]
  const attempt = async (what: string, path: Path, value: unknown, named: string | undefined): Promise<void> => {
    const outcome = await outcomeOf(entrance, replaced(entrance.args(), path, value) as readonly unknown[])
    if (typeof outcome === 'string') odd.push(`${what}: ${outcome}`)
    else if (named !== undefined && !`${outcome.details['argument']} ${outcome.message}`.includes(named))
      odd.push(`${what}: does not name it: ${outcome.message}`)
  }
  for (const path of placesIn(model)) {
    if (path.length === 0) continue
    const fit = at(model, path)
    const words = path.join('.')
    for (const value of nonsense) {
      if (isAlike(value, fit) || entrance.fits?.(words, value) === true) continue
      await attempt(`${words} = ${shown(value)}`, path, value, nameOf(path))
    }
    if (isPlain(fit) && entrance.open?.includes(words) !== true)
      await attempt(`${words} + misspelt`, path, { ...fit, misspelt: 1 }, 'misspelt')
  }
  return odd
}
