import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({ entry: { index: 'src/index.ts', runner: 'src/runner.ts', adapters: 'src/adapters.ts' } })
