// One build shape for every package: ESM, types, source maps. Declarations are made before (tools/declare.mjs), and joined here.
// A package's tsup.config.ts names its entries and nothing else unless it must.
import { readFileSync } from 'node:fs'
import type { Options } from 'tsup'

interface LibraryBuild {
  readonly entry: Record<string, string>
  /** Code that stands in a file of its own, so that a bundler takes none of it where nothing of it is used: what protobufjs generates. */
  readonly parts?: Record<string, string>
}

/** tsup leaves dependencies and peer dependencies outside a bundle, but not optional ones. */
function optionalDependencies(): readonly string[] {
  const manifest: { readonly optionalDependencies?: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync('package.json', 'utf8')
  )
  return Object.keys(manifest.optionalDependencies ?? {})
}

/** Where `tools/declare.mjs` puts the declaration of a source. */
const declarationOf = (source: string): string => source.replace(/^src/, '.declarations').replace(/\.tsx?$/, '.d.ts')

export function libraryBuild({ entry, parts = {} }: LibraryBuild): Options {
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
      entry: Object.fromEntries(Object.entries(entry).map(([name, source]) => [name, declarationOf(source)])),
      compilerOptions: { ignoreDeprecations: '6.0' }
    },
    external: [/^#/, /^node:/, ...optionalDependencies()]
  }
}
