import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: { index: 'src/index.ts', compose: 'src/compose-index.ts', testing: 'src/testing/index.ts' }
})
