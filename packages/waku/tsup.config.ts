import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: {
    index: 'src/index.ts',
    status: 'src/status.ts',
    wire: 'src/wire.ts'
  }
})
