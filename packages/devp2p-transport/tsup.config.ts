import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: {
    index: 'src/index.ts',
    discovery: 'src/discovery/index.ts',
    nat: 'src/nat/index.ts',
    testing: 'src/testing/index.ts'
  }
})
