/**
 * Where the built page is, and the headers that it has to be served with. The page itself runs in a browser; this entry is for
 * programs that serve it.
 *
 * @packageDocumentation
 */
export { contentSecurityPolicy, securityHeaders } from './headers.ts'

/**
 * The folder with the files of the page, as a `file:` URL that ends with a slash.
 *
 * @example
 * ```ts
 * const html = await readFile(new URL('index.html', siteFolder), 'utf8')
 * ```
 */
export const siteFolder: URL = new URL(
  new URL(import.meta.url).pathname.endsWith('.ts') ? '../dist/site/' : './site/',
  import.meta.url
)
