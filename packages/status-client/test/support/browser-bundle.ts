import { isBuiltin } from 'node:module'
import { bundleForBrowser as buildBundle } from '../../../../tools/browser-bundle.ts'

/** Bundles for a page, as an application does it with esbuild. Answers packages named like modules of Node, and who asks for them. */
export async function bundleForBrowser(
  entry: Readonly<Record<string, string>>,
  outDir: string
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const asked = new Map<string, Set<string>>()
  await buildBundle(entry, outDir, {
    plugins: [
      {
        name: 'what is asked for',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^.]/ }, ({ path, importer }) => {
            if (isBuiltin(path)) {
              const [home = importer] = /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(importer) ?? []
              asked.set(path, (asked.get(path) ?? new Set()).add(home))
            }
            return undefined
          })
      }
    ]
  })
  return asked
}

/** What a bundle still imports, one name each. */
export function importsOf(source: string): readonly string[] {
  const statements = source.matchAll(/^\s*(?:import|export)\b[^;'"]*?from\s*["']([^"']+)["']/gm)
  const calls = source.matchAll(/(?:import|require)\(\s*["']([^"']+)["']\s*\)/g)
  const bare = source.matchAll(/^\s*import\s*["']([^"']+)["']/gm)
  return [...new Set([...statements, ...calls, ...bare].map(match => match[1] ?? ''))]
}
