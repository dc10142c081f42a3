import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliError } from '../errors.ts'

/** A file of the page, as it is answered. */
export interface PageFile {
  readonly bytes: Uint8Array
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
 * list, and never reaches the disk. @throws CliError `no-page`
 */
export async function readPageFiles(site: URL): Promise<ReadonlyMap<string, PageFile>> {
  const folder = fileURLToPath(site)
  const files = new Map<string, PageFile>()
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const name = `/${path.slice(folder.length).replaceAll(sep, '/')}`
      const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
      files.set(name, { bytes: new Uint8Array(await readFile(path)), type, lasting: name.startsWith('/assets/') })
    }
  } catch {
    throw noPage(folder)
  }
  const index = files.get('/index.html')
  if (index === undefined) throw noPage(folder)
  return files.set('/', index)
}

const noPage = (folder: string): CliError =>
  new CliError('failed', 'no-page', `the page is not there: ${folder}`, 'install the program again, or build it')
