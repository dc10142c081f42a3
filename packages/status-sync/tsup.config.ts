import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: { index: 'src/index.ts', testing: 'src/testing/index.ts' },
  parts: { 'gen/wire': 'src/gen/wire.js' }
})
