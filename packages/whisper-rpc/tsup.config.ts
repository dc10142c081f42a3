import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: { index: 'src/index.ts', server: 'src/server/index.node.ts', testing: 'src/testing/index.ts' }
})
