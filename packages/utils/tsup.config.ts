import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({ entry: { index: 'src/index.ts', process: 'src/process.node.ts' } })
