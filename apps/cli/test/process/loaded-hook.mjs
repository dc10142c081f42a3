// Writes down the address of each module that is loaded.
import { appendFileSync } from 'node:fs'

export async function load(url, context, next) {
  appendFileSync(process.env.LOADED_MODULES, `${url}\n`)
  return next(url, context)
}
