// Puts the pages of the site together: those written for it (docs/site/pages) and those kept elsewhere.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isPlaceholder, readOwner } from '../manifests.mjs'
import { publicPackages, root } from '../packed.mjs'
import { limitsPage } from './limits.mjs'
import { pageText, titleOf } from './markdown.mjs'
import { collectedPages } from './pages.mjs'
import { threatsPage } from './threats.mjs'

const written = join(root, 'docs/site/pages')

/** Writes all pages into `into`; answers what the side bar shows. */
export function collectPages(into) {
  rmSync(into, { recursive: true, force: true })
  cpSync(written, into, { recursive: true })
  const pages = collectedPages()
  const places = new Map(pages.map(({ from, to }) => [from, to]))
  const { repository, branch } = readOwner(root)
  const raw = repository.replace('//github.com/', '//raw.githubusercontent.com/')
  const prefixes = [`${repository}/blob/${branch}/`, `${repository}/tree/${branch}/`, `${raw}/${branch}/`]
  const site = {
    root,
    inRepository: address => {
      const prefix = prefixes.find(one => address.startsWith(one))
      return prefix === undefined ? undefined : address.slice(prefix.length)
    },
    pageOf: file => places.get(file),
    // While the owner is a placeholder nobody can open a file there.
    fileUrl: file => (isPlaceholder({ repository }) ? undefined : `${repository}/blob/${branch}/${file}`),
    keepImage: file => {
      mkdirSync(join(into, 'public/images'), { recursive: true })
      cpSync(join(root, file), join(into, 'public/images', basename(file)))
      return `/images/${basename(file)}`
    }
  }
  const write = (to, text) => {
    mkdirSync(dirname(join(into, to)), { recursive: true })
    writeFileSync(join(into, to), text)
  }
  // Shown on the first page, which is written for the site and copied as it is.
  site.keepImage('docs/recordings/demo.svg')
  const shown = pages.map(({ from, to, group }) => {
    const text = pageText(readFileSync(join(root, from), 'utf8'), from, site)
    write(to, text)
    return {
      group,
      text: titleOf(text) || basename(to, '.md'),
      link: `/${to.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`
    }
  })
  write('threat-model.md', threatsPage(readFileSync(join(written, 'threat-model.md'), 'utf8'), site))
  const packages = publicPackages().map(({ folder, json }) => ({
    name: json.name.replace('@status-stack/', ''),
    folder
  }))
  const limits = limitsPage(packages)
  if (limits.unexplained.length > 0)
    throw new Error(`these limits have no reason:\n  ${limits.unexplained.join('\n  ')}`)
  write('limits.md', limits.text)
  return shown
}
