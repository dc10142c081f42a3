import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: { index: 'src/index.ts', primitives: 'src/primitives.ts', testing: 'src/testing/index.ts' },
  parts: { 'gen/protocol': 'src/gen/protocol.js' }
})
