// One build shape for every package: ESM, types, source maps.
// A package's tsup.config.ts names its entries and nothing else unless it must.
import { readFileSync } from 'node:fs'
import type { Options } from 'tsup'

interface LibraryBuild {
  readonly entry: Record<string, string>
  /** Types of `imports` conditions are found in the sources: only for packages that have such conditions. */
  readonly typesFromSource?: boolean
}

/** tsup leaves dependencies and peer dependencies outside a bundle, but not optional ones. */
function optionalDependencies(): readonly string[] {
  const manifest: { readonly optionalDependencies?: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync('package.json', 'utf8')
  )
  return Object.keys(manifest.optionalDependencies ?? {})
}

export function libraryBuild({ entry, typesFromSource = false }: LibraryBuild): Options {
  return {
    entry,
    format: ['esm'],
    target: 'es2023',
    platform: 'neutral',
    sourcemap: true,
    clean: true,
    splitting: true,
    dts: {
      compilerOptions: { ignoreDeprecations: '6.0', customConditions: typesFromSource ? ['status-stack-source'] : [] }
    },
    external: [/^#/, /^node:/, ...optionalDependencies()]
  }
}
