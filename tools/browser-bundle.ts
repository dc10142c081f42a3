import { build, type Options } from 'tsup'

/** Bundles for a page, as an application does it with esbuild. */
export async function bundleForBrowser(
  entry: Readonly<Record<string, string>>,
  outDir: string,
  { plugins = [] }: { readonly plugins?: Options['esbuildPlugins'] } = {}
): Promise<void> {
  await build({
    entry: { ...entry },
    outDir,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    noExternal: [/.*/],
    esbuildPlugins: plugins,
    config: false,
    silent: true,
    splitting: false,
    outExtension: () => ({ js: '.js' }),
    esbuildOptions: options => {
      // esbuild adds `import` or `require` by how each module is asked for.
      options.conditions = ['status-stack-source', 'browser', 'module']
    }
  })
}
