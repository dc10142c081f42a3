// What a text of the repository needs to become a page: links that lead to pages, code taken from its file, no comments.
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, join, posix } from 'node:path'

const fence = /^( *)(`{3,}|~{3,}).*$/

/** Lines of a text with what they are: inside of a code block or not. */
function* linesOf(text) {
  let open
  for (const line of text.split('\n')) {
    const mark = fence.exec(line)?.[2]
    const isFence = mark !== undefined && (open === undefined || line.trim() === open)
    const isCode = open !== undefined || isFence
    if (isFence) open = open === undefined ? mark : undefined
    yield { line, isCode }
  }
}

/** `<!-- code: FILE -->`: the file as a code block, without the imports of types that only the type checker reads. */
function withCode(text, folder) {
  return text.replace(/^<!-- code: (\S+) -->$/gm, (_, path) => {
    const code = readFileSync(join(folder, path), 'utf8').replace(/^\/\*\* @import .*\n\n?/gm, '')
    return `\`\`\`${extname(path).slice(1)} [${basename(path)}]\n${code.trim()}\n\`\`\``
  })
}

// A code span, which is left as it is, or a link, whose words may hold code spans.
const codeOrLink = /`[^`]+`|(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g

/**
 * @param text Markdown of the repository
 * @param from its path in the repository
 * @param site `inRepository` answers the path that an address has in the repository, if it leads there; `pageOf` the site's path of a file, `fileUrl` the address of a file that is no page, or undefined when there is none
 */
export function pageText(text, from, { root, inRepository, pageOf, fileUrl, keepImage }) {
  const folder = dirname(from)
  const fileAt = path => posix.normalize(inRepository(path) ?? posix.join(folder, path)).replace(/\/$/, '')
  const target = address => {
    const [path, anchor] = address.split('#', 2)
    const file = fileAt(path)
    const page = pageOf(file) ?? pageOf(`${file}/README.md`)
    const hash = anchor === undefined ? '' : `#${anchor}`
    if (page !== undefined) return `/${page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}${hash}`
    if (!existsSync(join(root, file))) throw new Error(`${from}: the link to ${address} leads nowhere`)
    return fileUrl(file)
  }
  const linked = line =>
    line.replace(codeOrLink, (whole, image, words, address) => {
      if (address === undefined) return whole
      const isElsewhere = /^([a-z]+:|#)/.test(address) && inRepository(address) === undefined
      if (isElsewhere) return whole
      if (image === '!') return `![${words}](${keepImage(fileAt(address))})`
      const to = target(address)
      return to === undefined ? words : `[${words}](${to})`
    })
  const body = withCode(text, join(root, folder)).replace(/^<!--[\s\S]*?-->\n?/gm, '')
  return [...linesOf(body)].map(({ line, isCode }) => (isCode ? line : linked(line))).join('\n')
}

/** The first heading of a text. */
export const titleOf = text => /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '') ?? ''

/** The sections of a text whose heading matches, each with its heading, down to the next one of the same depth. */
export function sectionsOf(text, heading) {
  const found = []
  let current
  for (const { line, isCode } of linesOf(text)) {
    const head = isCode ? null : /^(#+) (.+)$/.exec(line)
    if (head !== null && head[1].length <= 2) {
      current = heading.test(head[2]) ? [] : undefined
      if (current !== undefined) found.push(current)
    } else current?.push(line)
  }
  return found.map(lines => lines.join('\n').trim())
}
