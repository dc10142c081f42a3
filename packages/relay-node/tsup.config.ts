import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: { index: 'src/index.ts', words: 'src/connection-words.ts', reports: 'src/reports.ts' }
})
