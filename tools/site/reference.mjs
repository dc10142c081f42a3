// The reference: every entry of every public package, made by typedoc from the declarations that are published.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { entriesOf } from '../docs-check.mjs'
import { publicPackages, root, run } from '../packed.mjs'

const packageComment = /^\/\*\*(?:(?!\*\/)[\s\S])*@packageDocumentation\s*\*\//m

/** A module under the name by which each entry is imported: typedoc names modules by their files. */
function namedModules(work) {
  return publicPackages()
    .flatMap(entriesOf)
    .map(({ name, file }) => {
      const module_ = join(work, `${name}.ts`)
      mkdirSync(dirname(module_), { recursive: true })
      const comment = packageComment.exec(readFileSync(file, 'utf8'))?.[0] ?? ''
      writeFileSync(module_, `${comment}\nexport * from '${file}'\n`)
      return module_
    })
}

/** Writes the reference as pages of its own into `out`. */
export async function writeReference(out, work) {
  const site = join(root, 'docs/site')
  const tsconfig = join(work, 'tsconfig.json')
  const options = join(work, 'typedoc.json')
  const modules = namedModules(work)
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
      files: modules
    })
  )
  writeFileSync(
    options,
    JSON.stringify({
      name: 'status-stack reference',
      entryPoints: modules,
      tsconfig,
      out,
      basePath: work,
      readme: 'none',
      disableSources: true,
      excludeInternal: true,
      skipErrorChecking: true,
      githubPages: false,
      includeVersion: false,
      includeHierarchySummary: false,
      navigationLinks: { 'Back to the guide': '/' },
      validation: { invalidLink: false, notExported: false },
      logLevel: 'Warn'
    })
  )
  const typedoc = join(site, 'node_modules/typedoc/bin/typedoc')
  return run(process.execPath, [typedoc, '--options', options], { cwd: work, deadlineMs: 600_000 })
}
