// Lets Node load the sources as they are: `node --import` this file. Later releases than Node 20 could do it alone.
import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) register(import.meta.url)

/** The hook of the loader's own thread. */
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return await next(url, context)
  const { default: ts } = await import('typescript')
  const { outputText } = ts.transpileModule(await readFile(fileURLToPath(url), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true }
  })
  return { format: 'module', source: outputText, shortCircuit: true }
}
