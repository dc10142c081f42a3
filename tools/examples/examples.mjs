// `@example` blocks of the public packages, run: which of them can be, with what, and what is wrong with those that are.
import { existsSync, readdirSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { exampleBlocks } from '../code-blocks.mjs'
import { entriesOf } from '../docs-check.mjs'
import { publicPackages, root } from '../packed.mjs'
import { prepare, runPrepared } from './run-block.mjs'

/** Sources that may hold `@example` blocks, from the root of the repository. */
export const exampleFiles = () =>
  publicPackages()
    .filter(({ folder }) => existsSync(join(folder, 'src')))
    .flatMap(({ folder }) =>
      readdirSync(join(folder, 'src'), { recursive: true })
        .filter(name => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
        .map(name => relative(root, join(folder, 'src', name)))
    )

/** Names that a reader brings along: what is called with a result, and is none of ours. */
const nothing = () => undefined
const readersOwn = Object.fromEntries(
  'answer askAgain forward giveUp handle later quote refuse report retry shorten show showOnce shrink skip store tellUser test work'
    .split(' ')
    .map(name => [name, () => nothing])
)

/** What examples of every package may call without an import; values may name `others`. */
const foundations = ['crypto', 'interface', 'interface/testing', 'utils', 'status-accounts'].map(
  name => `@status-stack/${name}`
)

/** The entry for tests is a package's last: what it has is what its own examples mean. */
const isOfTests = ({ file }) => file.includes('/src/testing/')

/**
 * The blocks of one package, each with `run`, which answers what is wrong with it; `undefined` in place of `run` where it can only be
 * compiled, with the names that nothing stands for or the reason in `why`.
 */
export async function examplesOf(name, { load, isEqual }) {
  const packages = publicPackages()
  const { folder, json } = packages.find(each => basename(each.folder) === name)
  const entries = packages.filter(each => /packages\//.test(relative(root, each.folder))).flatMap(entriesOf)
  const fileOf = specifier => entries.find(each => each.name === specifier)?.file ?? specifier
  const use = specifier => load(fileOf(specifier))
  const ownNames = entries.map(each => each.name).filter(each => each === json.name || each.startsWith(`${json.name}/`))
  const own = await Promise.all(ownNames.map(use))
  const place = join(root, 'tools/examples/values', `${name}.mjs`)
  const {
    values = {},
    files = {},
    notRun = {},
    others = []
  } = existsSync(place) ? await (await load(place)).default(Object.assign({}, ...own), use) : {}
  const foreign = await Promise.all([...foundations, ...others].map(use))
  const blocks = exampleBlocks(exampleFiles().filter(file => file.startsWith(`packages/${name}/`)))
  return blocks.map(block => {
    const prepared = prepare(block.code)
    const given = {
      ...readersOwn,
      ...values,
      ...files[relative(join(folder, 'src'), join(root, block.file))],
      ...files[block.of]
    }
    const sourceOf = free => {
      if (free in given) return get => given[free](get)
      const from = [...(isOfTests(block) ? own.toReversed() : own), ...foreign].find(module => free in module)
      if (from !== undefined) return () => from[free]
      return free in globalThis ? () => globalThis[free] : undefined
    }
    const missing = prepared.free.filter(free => sourceOf(free) === undefined)
    const why = notRun[block.of] ?? (missing.length > 0 ? missing.join(', ') : undefined)
    if (why !== undefined) return { ...block, why }
    const run = async () => {
      const kept = new Map()
      const standIn = free => {
        if (!kept.has(free)) kept.set(free, sourceOf(free)(standIn))
        return kept.get(free)
      }
      return await runPrepared(prepared, { standIn, load: use, isEqual })
    }
    return { ...block, compares: prepared.said.length, run }
  })
}
