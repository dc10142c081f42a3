import { libraryBuild } from '../../tools/tsup.ts'

export default libraryBuild({
  entry: {
    index: 'src/index.ts',
    level: 'src/level/index.ts',
    postgres: 'src/postgres/index.ts',
    testing: 'src/testing/index.ts'
  }
})
