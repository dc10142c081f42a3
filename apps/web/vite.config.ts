import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'
import { installFiles } from './build/icons.ts'
import { writePrecacheList } from './build/precache.ts'
import { contentSecurityPolicy } from './src/headers.ts'

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The policy in the page itself; manifest and icons beside it; then the list of all files in the service worker. */
function pageFiles(): Plugin {
  return {
    name: 'status-stack-page-files',
    apply: 'build',
    transformIndexHtml: html => html.replace('%CONTENT_SECURITY_POLICY%', contentSecurityPolicy),
    generateBundle() {
      for (const [fileName, source] of Object.entries(installFiles()))
        this.emitFile({ type: 'asset', fileName, source })
    },
    writeBundle({ dir }) {
      if (dir === undefined) throw new Error('no output folder')
      writePrecacheList(dir)
    }
  }
}

export default defineConfig({
  root: folder('.'),
  // Relative: the page works below any path.
  base: './',
  publicDir: false,
  plugins: [pageFiles()],
  // Our packages from their sources, as in the program: a page needs none of them built.
  resolve: { conditions: ['status-stack-source', ...defaultClientConditions] },
  build: {
    outDir: 'dist/site',
    emptyOutDir: true,
    target: 'es2023',
    // Nothing inline: the policy allows neither inline scripts nor data URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The notices of everything that is in the page.
    license: { fileName: 'licences.md' },
    // The whole stack is one file of a megabyte; it is needed at once.
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: { index: folder('index.html'), sw: folder('src/service-worker/sw.ts') },
      output: {
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js')
      }
    }
  },
  worker: { format: 'es' }
})
