// Reads the built site: every link leads to a page and a place that exist, and no page loads anything from another host.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'

const attribute = /<(\w+)\b([^>]*?)\b(href|src)="([^"]*)"([^>]*)>/g
const identifier = /\b(?:id|name)="([^"]+)"/g

function* htmlFiles(folder, below = '') {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = posix.join(below, entry.name)
    if (entry.isDirectory()) yield* htmlFiles(folder, path)
    else if (entry.name.endsWith('.html')) yield path
  }
}

const unescaped = text => text.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"')

/** The file that an address of the site gives. */
function fileOf(folder, path) {
  for (const candidate of [path, `${path}.html`, posix.join(path, 'index.html')]) {
    const file = join(folder, candidate)
    if (existsSync(file) && statSync(file).isFile()) return candidate
  }
  return undefined
}

/** All problems of the site in `folder`, each with its page. */
export function linkProblems(folder) {
  const places = new Map()
  const placesOf = page => {
    const found = places.get(page)
    if (found !== undefined) return found
    const text = readFileSync(join(folder, page), 'utf8')
    const made = new Set([...text.matchAll(identifier)].map(([, id]) => unescaped(id)))
    places.set(page, made)
    return made
  }
  const problems = []
  for (const page of htmlFiles(folder)) {
    const text = readFileSync(join(folder, page), 'utf8').replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, tag =>
      tag.slice(0, tag.indexOf('>') + 1)
    )
    for (const [, element, before, , raw, after] of text.matchAll(attribute)) {
      const address = unescaped(raw)
      if (/^(https?:)?\/\//.test(address)) {
        const loads = element !== 'a' && !(element === 'link' && /rel="(canonical|alternate)"/.test(before + after))
        if (loads) problems.push(`${page}: <${element}> loads ${address}`)
        continue
      }
      if (/^[a-z][a-z0-9+.-]*:/i.test(address)) continue
      const [path, anchor] = address.split('#', 2)
      const [plain] = path.split('?', 1)
      const base = plain.startsWith('/') ? plain.slice(1) : posix.join(posix.dirname(page), plain)
      const target = path === '' ? page : fileOf(folder, decodeURIComponent(base) || 'index.html')
      if (target === undefined) problems.push(`${page}: ${address} leads nowhere`)
      else if (anchor && target.endsWith('.html') && !placesOf(target).has(decodeURIComponent(anchor)))
        problems.push(`${page}: ${address}: the page has no such place`)
    }
  }
  return [...new Set(problems)]
}
