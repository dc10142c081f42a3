// One build shape for every package: ESM, types, source maps.
// A package's tsup.config.ts names its entries and nothing else unless it must.
import { readFileSync } from 'node:fs'
import type { Options } from 'tsup'

interface LibraryBuild {
  readonly entry: Record<string, string>
  /** Code that stands in a file of its own, so that a bundler takes none of it where nothing of it is used: what protobufjs generates. */
  readonly parts?: Record<string, string>
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

export function libraryBuild({ entry, parts = {}, typesFromSource = false }: LibraryBuild): Options {
  return {
    entry: { ...entry, ...parts },
    format: ['esm'],
    target: 'es2023',
    platform: 'neutral',
    sourcemap: true,
    // The sources lie beside the built code in each package: once is enough.
    esbuildOptions: options => {
      options.sourcesContent = false
    },
    clean: true,
    splitting: true,
    dts: {
      entry,
      compilerOptions: {
        ignoreDeprecations: '6.0',
        // Else the members of an inferred union stand in the order in which files happened to be read, which differs between two builds.
        stableTypeOrdering: true,
        customConditions: typesFromSource ? ['status-stack-source'] : []
      }
    },
    external: [/^#/, /^node:/, ...optionalDependencies()]
  }
}
