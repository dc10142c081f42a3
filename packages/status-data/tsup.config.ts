import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: { index: 'src/index.ts', rules: 'src/rules.ts', wire: 'src/wire.ts', testing: 'src/testing/index.ts' },
  parts: { 'gen/payloads': 'src/gen/payloads.js' }
})
