// Our packages as they are built in a checkout: the folder in STATUS_STACK, or the one this folder lies in.
import { pathToFileURL } from 'node:url'

export const checkout = process.env.STATUS_STACK || new URL('../../../..', import.meta.url).pathname

export const ours = (name, entry = 'index') =>
  import(pathToFileURL(`${checkout}/packages/${name}/dist/${entry}.js`).href)
