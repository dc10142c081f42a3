import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of the page, as it is answered. */
export interface PageFile {
  /** What it holds. */
  readonly bytes: Uint8Array
  /** Its media type. */
  readonly type: string
  /** Its name follows from its bytes: it never changes. */
  readonly lasting: boolean
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  md: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json'
}

/**
 * All files of the built page by their paths, `/index.html`; `/` is that one too. They are read once: a request is answered from this
 * list, and never reaches the disk.
 *
 * @param site the folder, a `file:` URL that ends with a slash: `siteFolder`
 * @throws the error of the system, such as `ENOENT` where the page was not built
 * @example
 * ```ts
 * const files = await readPageFiles(siteFolder)
 * ```
 */
export async function readPageFiles(site: URL): Promise<ReadonlyMap<string, PageFile>> {
  const folder = fileURLToPath(site)
  const files = new Map<string, PageFile>()
  const read = async (path: string, name: string): Promise<PageFile> => ({
    bytes: new Uint8Array(await readFile(path)),
    type: types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    lasting: name.startsWith('/assets/')
  })
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = `/${path.slice(folder.length).replaceAll(sep, '/')}`
    files.set(name, await read(path, name))
  }
  return files.set('/', files.get('/index.html') ?? (await read(join(folder, 'index.html'), '/index.html')))
}
