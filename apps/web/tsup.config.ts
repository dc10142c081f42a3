import { libraryBuild } from '../../tools/tsup.ts'

// The page itself is built by Vite, into dist/site.
export default libraryBuild({ entry: { index: 'src/index.ts', server: 'src/server.ts' } })
