// The native curve of `crypto`: the addon as its package ships it, built for every system that it is built for, with its licence. Taken along instead of depended on: the
// package runs node-gyp-build when it is installed, which compiles wherever none of its builds fits.
import { cpSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const crypto = new URL('../packages/crypto/', import.meta.url)
const source = dirname(createRequire(new URL('package.json', crypto)).resolve('secp256k1/package.json'))

/** Puts the builds and the licence into a folder; `native` beside the code that looks for them. */
export function copyAddon(into) {
  mkdirSync(into, { recursive: true })
  cpSync(join(source, 'prebuilds'), into, { recursive: true })
  cpSync(join(source, 'LICENSE'), join(into, 'LICENSE'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  copyAddon(process.argv[2] ?? fileURLToPath(new URL('dist/native', crypto)))
}
