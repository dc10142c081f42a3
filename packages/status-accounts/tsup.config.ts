import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: { index: 'src/index.ts', record: 'src/account-record/record.ts', testing: 'src/testing/index.ts' }
})
